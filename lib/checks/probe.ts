import type { Json } from '../settings/setting';

/** Stands for the address of the node that a probe runs on, in URLs and addresses; the collector replaces it. */
export const nodeAddress = '${node}';

/** Where a probe runs: on every node of a role, or once for the cluster (on the first control plane). */
export type Scope = 'control-plane' | 'worker' | 'node' | 'cluster';

/** Mode, owner and digest of the files that a path or glob names. */
export interface FileProbe {
  readonly kind: 'file';
  readonly path: string;
}
export interface FileFact {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Four octal digits, `0600`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** A file's text: the last resort, for settings that no running program reports. Never for files with a secret. */
export interface FileTextProbe {
  readonly kind: 'file-text';
  readonly path: string;
}

/** Arguments of every running process with this program name; secrets are never arguments of ours. */
export interface ProcessProbe {
  readonly kind: 'process';
  readonly name: string;
}
export interface ProcessFact {
  readonly pid?: number;
  readonly uid?: number;
  /** Static pod that the arguments were read from, through the API server, where nobody looked at the node itself. */
  readonly pod?: string;
  readonly args: readonly string[];
}

/** One HTTP(S) request from the node. */
export interface HttpProbe {
  readonly kind: 'http';
  /** `${node}` stands for the node's address, `${endpoint}` for the control-plane endpoint. */
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  /** @default 'none' */
  readonly client?: 'none' | 'admin' | 'kubelet';
  /** Path of the Unix socket that a local service answers on; the host of the URL is then of no account. */
  readonly socket?: string;
  /** Dotted field paths of a JSON body to keep, as of `ObjectsProbe`. @default the body's first 2 KiB, as they are */
  readonly keep?: readonly string[];
}
export interface HttpFact {
  /** 0 when no response came. */
  readonly status: number;
  /** At most 2 KiB, or the kept fields as JSON. */
  readonly body: string;
  readonly error?: string;
}

/** One TLS handshake. */
export interface TlsProbe {
  readonly kind: 'tls';
  /** `host:port`; `${node}` as in HttpProbe. */
  readonly address: string;
  /** Highest version offered. @default newest */
  readonly maximum?: '1.1' | '1.2' | '1.3';
  /** OpenSSL cipher string for TLS ≤ 1.2. */
  readonly ciphers?: string;
}
export interface TlsFact {
  readonly accepted: boolean;
  readonly version?: string;
  readonly cipher?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly error?: string;
}

/** The effective configuration of one node's kubelet, from `/configz`, read through the API server. */
export interface ConfigzProbe {
  readonly kind: 'configz';
  /** Name of the node. */
  readonly of: string;
}

/** Objects of the API: one by name, or all of a kind. */
export interface ObjectsProbe {
  readonly kind: 'objects';
  /** As `kubectl get` takes it: `clusterrolebindings.rbac.authorization.k8s.io`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: string;
  /** Dotted field paths to keep; everything else is dropped so that no secret is recorded. */
  readonly keep: readonly string[];
}

/** A SubjectAccessReview. */
export interface AccessProbe {
  readonly kind: 'access';
  readonly user: string;
  readonly groups?: readonly string[];
  readonly verb: string;
  readonly resource?: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly nonResourcePath?: string;
}
export interface AccessFact {
  readonly allowed: boolean;
  readonly reason: string;
}

/** A server-side dry run of one object. */
export interface DryRunProbe {
  readonly kind: 'dry-run';
  readonly object: Json;
}
export interface DryRunFact {
  readonly accepted: boolean;
  readonly message: string;
}

/** First bytes of the values below one etcd prefix. */
export interface EtcdProbe {
  readonly kind: 'etcd';
  /** For example `/registry/secrets/`. */
  readonly prefix: string;
}
export interface EtcdFact {
  readonly keys: number;
  /** How many values start with each transformer prefix (`k8s:enc:secretbox:v1:`), `plain` for none. */
  readonly transformers: { readonly [prefix: string]: number };
}

export interface SysctlProbe {
  readonly kind: 'sysctl';
  readonly name: string;
}

export interface ModuleProbe {
  readonly kind: 'module';
  readonly name: string;
}
export interface ModuleFact {
  readonly loaded: boolean;
  /** Built into the kernel, or its feature is there without a loadable module. */
  readonly builtin: boolean;
}

/** Properties of a systemd unit, as `systemctl show` prints them. */
export interface UnitProbe {
  readonly kind: 'unit';
  readonly unit: string;
  readonly properties: readonly string[];
}

/** Listening TCP and UDP sockets with their program. */
export interface ListenersProbe {
  readonly kind: 'listeners';
}
export interface ListenerFact {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly process: string;
}

/** A real connection attempt, made from this node. */
export interface ConnectProbe {
  readonly kind: 'connect';
  /** `node:<name>` for another node's address, or an address. */
  readonly target: string;
  readonly port: number;
}
export interface ConnectFact {
  readonly result: 'open' | 'refused' | 'timeout' | 'error';
}

/** Audit events that a canary call leaves: a Secret is made, read and deleted, and the log is searched. */
export interface AuditCanaryProbe {
  readonly kind: 'audit-canary';
}
export interface AuditCanaryFact {
  /** Verb and level of each event about the canary. */
  readonly events: readonly { readonly verb: string; readonly level: string }[];
  /** The canary's value occurs in the log. */
  readonly bodyLogged: boolean;
}

/** Fields of a certificate file. */
export interface CertificateProbe {
  readonly kind: 'certificate';
  readonly path: string;
}
export interface CertificateFact {
  /** Left out in observations of before it was collected. */
  readonly path?: string;
  readonly subject: string;
  readonly issuer: string;
  readonly sans: readonly string[];
  /** ISO 8601. */
  readonly notAfter: string;
}

/** Versions of programs on the node. */
export interface VersionsProbe {
  readonly kind: 'versions';
}

/** Versions of Debian packages on the node. */
export interface PackagesProbe {
  readonly kind: 'packages';
  readonly names: readonly string[];
}
export interface PackagesFact {
  /** `ID` and `VERSION_ID` of `/etc/os-release`: `debian 12`. */
  readonly system: string;
  /** Those that are installed. */
  readonly versions: { readonly [name: string]: string };
}

/** Content of every program that `bulwark up` installed on the node. */
export interface ProgramsProbe {
  readonly kind: 'programs';
}
export interface ProgramFact {
  readonly path: string;
  /** SHA-256 of what lies there now, in hexadecimal; empty where nothing does. */
  readonly sha256: string;
  /** SHA-256 of the artifact that the last run put there. */
  readonly installed: string;
}

/** The ruleset of our own nftables table, as `nft -j list table` gives it. */
export interface FirewallProbe {
  readonly kind: 'firewall';
}

/** What a Raspberry Pi's own system says of it. */
export interface BoardProbe {
  readonly kind: 'board';
}
export interface BoardFact {
  /** Of the device tree; null where the machine is no Raspberry Pi. */
  readonly model: string | null;
  /** Whether the kernel counts and limits the memory of control groups. */
  readonly memoryCgroup: boolean;
  /** Devices and files that are swapped to. */
  readonly swaps: readonly string[];
  readonly clockSynchronised: boolean;
  /** Whether the kubelet starts only behind a synchronised clock. */
  readonly kubeletWaitsForClock: boolean;
  /** How long systemd may be silent, in seconds, 0 for ever; null where there is no watchdog. */
  readonly watchdogSeconds: number | null;
  /** Whether the journal outlives a reboot. */
  readonly journalKept: boolean;
  /** Of the journal's files. */
  readonly journalBytes: number;
  /** 99th percentile of a sync below etcd as measured before it started; null where nobody measured. */
  readonly diskSyncMilliseconds: number | null;
}

export type Probe =
  | FileProbe
  | FileTextProbe
  | ProcessProbe
  | HttpProbe
  | TlsProbe
  | ConfigzProbe
  | ObjectsProbe
  | AccessProbe
  | DryRunProbe
  | EtcdProbe
  | SysctlProbe
  | ModuleProbe
  | UnitProbe
  | ListenersProbe
  | ConnectProbe
  | AuditCanaryProbe
  | CertificateProbe
  | VersionsProbe
  | PackagesProbe
  | ProgramsProbe
  | FirewallProbe
  | BoardProbe;

export type ProbeKind = Probe['kind'];

/** What each kind of probe brings back. */
export interface Facts {
  file: readonly FileFact[];
  /** null where the file does not exist. */
  'file-text': string | null;
  process: readonly ProcessFact[];
  http: HttpFact;
  tls: TlsFact;
  configz: { readonly [key: string]: Json };
  objects: readonly { readonly [key: string]: Json }[];
  access: AccessFact;
  'dry-run': DryRunFact;
  etcd: EtcdFact;
  /** null where the kernel does not know the name. */
  sysctl: string | null;
  module: ModuleFact;
  /** null where the unit does not exist. */
  unit: { readonly [property: string]: string } | null;
  listeners: readonly ListenerFact[];
  connect: ConnectFact;
  'audit-canary': AuditCanaryFact;
  certificate: readonly CertificateFact[];
  versions: { readonly [program: string]: string };
  board: BoardFact;
  packages: PackagesFact;
  programs: readonly ProgramFact[];
  firewall: { readonly present: boolean; readonly chains: Json };
}

/** Stable identity of a probe: the key under which its observation is stored. */
export function probeKey(probe: Probe): string {
  const { kind, ...rest } = probe;
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [kind, ...fields].join(' ');
}

/** One observation: the fact, or why it could not be seen. */
export type Observation<K extends ProbeKind = ProbeKind> = { readonly fact: Facts[K] } | { readonly unseen: string };

/** All observations of one node, by probe key. */
export interface NodeObservations {
  readonly node: string;
  readonly role: 'control-plane' | 'worker';
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly observations: { readonly [key: string]: Observation };
}
