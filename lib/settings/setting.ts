import type { Role } from '../spec/cluster-spec';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type ControlPlaneComponent = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'etcd';

/** A scalar argument of a static pod. */
export interface ComponentArg {
  readonly kind: 'component-arg';
  readonly component: ControlPlaneComponent;
  readonly name: string;
  readonly value: string;
}

/** Members of a comma-joined argument. Members of all settings for one argument are merged: adding never drops. */
export interface ComponentArgList {
  readonly kind: 'component-arg-list';
  readonly component: ControlPlaneComponent;
  readonly name: string;
  readonly members: readonly string[];
}

/** A host directory or file that a static pod sees. */
export interface StaticPodMount {
  readonly kind: 'static-pod-mount';
  /** kubeadm mounts nothing beside its own directories into etcd. */
  readonly component: Exclude<ControlPlaneComponent, 'etcd'>;
  readonly name: string;
  readonly hostPath: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
  readonly pathType: 'Directory' | 'DirectoryOrCreate' | 'File';
}

/** A field of KubeletConfiguration, by dotted path (`authentication.anonymous.enabled`). An array value merges as a list. */
export interface KubeletField {
  readonly kind: 'kubelet-field';
  readonly path: string;
  readonly value: Json;
}

/** A JSON patch operation that kubeadm applies to the KubeletConfiguration of the nodes of one role. */
export interface KubeletPatch {
  readonly kind: 'kubelet-patch';
  readonly roles: readonly Role[];
  readonly op: 'remove' | 'replace' | 'add';
  /** JSON pointer, for example `/staticPodPath`. */
  readonly pointer: string;
  readonly value?: Json;
}

/** A field of KubeProxyConfiguration, by dotted path. Rendered only where the cluster keeps kube-proxy. */
export interface KubeProxyField {
  readonly kind: 'kube-proxy-field';
  readonly path: string;
  readonly value: Json;
}

/** A field of ClusterConfiguration that is no component argument (`encryptionAlgorithm`). */
export interface ClusterConfigurationField {
  readonly kind: 'cluster-configuration-field';
  readonly path: string;
  readonly value: Json;
}

/** A resource kept encrypted in etcd, in `resource` or `resource.group` form. */
export interface EncryptedResource {
  readonly kind: 'encrypted-resource';
  readonly resource: string;
}

/** An exact path that anonymous requests may read. */
export interface AnonymousPath {
  readonly kind: 'anonymous-path';
  readonly path: string;
}

/** Configuration of one admission plugin, a member of AdmissionConfiguration. */
export interface AdmissionPluginConfiguration {
  readonly kind: 'admission-plugin-configuration';
  readonly plugin: 'PodSecurity' | 'EventRateLimit';
  readonly configuration: Json;
}

/** One rule of the audit policy. Rules are ordered by `order`, first match wins. */
export interface AuditRule {
  readonly kind: 'audit-rule';
  readonly order: number;
  readonly rule: Json;
}

/** A field of containerd's `config.toml`, by path below the root table. */
export interface ContainerdField {
  readonly kind: 'containerd-field';
  readonly path: readonly string[];
  readonly value: Json;
}

export interface Sysctl {
  readonly kind: 'sysctl';
  readonly name: string;
  readonly value: string;
}

export interface KernelModule {
  readonly kind: 'kernel-module';
  readonly name: string;
  readonly state: 'loaded' | 'blocked';
}

/** Mode and owner of files that kubeadm, the kubelet or etcd write; `path` may be a glob, a missing file is fine. */
export interface FileMode {
  readonly kind: 'file-mode';
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly roles: readonly Role[];
}

/** A file that must not exist once the node is part of the cluster. */
export interface AbsentFile {
  readonly kind: 'absent-file';
  readonly path: string;
  readonly roles: readonly Role[];
}

/** A directory that must exist before the components start. */
export interface Directory {
  readonly kind: 'directory';
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly roles: readonly Role[];
}

/** A system account on the node. */
export interface SystemUser {
  readonly kind: 'system-user';
  readonly name: string;
  readonly home: string;
  readonly roles: readonly Role[];
}

/** A line of a systemd unit's drop-in, below `[Service]`. */
export interface UnitOption {
  readonly kind: 'unit-option';
  readonly unit: 'kubelet.service' | 'containerd.service';
  readonly name: string;
  readonly value: string;
}

/** Opens a port of the node to some sources; every other source is dropped. */
export interface FirewallRule {
  readonly kind: 'firewall-rule';
  /** @default 'tcp' */
  readonly protocol?: 'tcp' | 'udp';
  readonly port: number | readonly [number, number];
  readonly purpose: string;
  readonly roles: readonly Role[];
  /** CIDRs, resolved from the spec by the control. */
  readonly sources: readonly string[];
}

/** How fast one address may open TCP connections to a port of the node; the rest is dropped. */
export interface ConnectionLimit {
  readonly kind: 'connection-limit';
  readonly port: number;
  readonly perSecond: number;
  /** Connections that an address may be ahead. */
  readonly burst: number;
  /** CIDRs and addresses that are not limited. */
  readonly exempt: readonly string[];
  readonly purpose: string;
  readonly roles: readonly Role[];
}

/** A Kubernetes object that must not exist. */
export interface AbsentObject {
  readonly kind: 'absent-object';
  readonly apiVersion: string;
  readonly objectKind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A feature of the platform app (`constructs/`) that renders Kubernetes objects for this control. */
export type PlatformFeature =
  | {
      readonly kind: 'platform-feature';
      readonly feature:
        | 'binding-subjects'
        | 'cluster-dns'
        | 'client-certificate-limits'
        | 'cluster-admin-alarm'
        | 'csr-approver-rbac'
        | 'debug-containers'
        | 'default-deny'
        | 'exempt-namespace-guard'
        | 'host-paths'
        | 'image-pinning'
        | 'image-registries'
        | 'legacy-tokens'
        | 'namespace-levels'
        | 'no-client-certificates'
        | 'node-placement'
        | 'tokenless-default-accounts'
        | 'verifier-rbac'
        | 'waiver-record'
        | 'workload-templates';
    }
  | { readonly kind: 'platform-feature'; readonly feature: 'admission-rule'; readonly rule: AdmissionRule };

/** What admission demands of objects outside the control plane's own namespaces, in CEL. */
export interface AdmissionRule {
  /** Name of the policy, behind `bulwark-`. */
  readonly name: string;
  /** Plural names of the core API, subresources as `pods/ephemeralcontainers`. */
  readonly resources: readonly string[];
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
  /** Named expressions that later ones and `holds` read as `variables.<name>`. @default none */
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  /** Must be true, or the request is refused. */
  readonly holds: string;
  /** What whoever is refused reads behind the control's id: what is wrong, and what to do. No quotes. */
  readonly message: string;
}

/** A word of the kernel's command line, on nodes that are boards: theirs is one text file. Takes a reboot. */
export interface KernelArgument {
  readonly kind: 'kernel-argument';
  /** `cgroup_enable=memory` */
  readonly argument: string;
  /** Words that say the opposite, and go. */
  readonly instead: readonly string[];
}

/** A configuration file of the system on nodes that are boards. */
export interface BoardFile {
  readonly kind: 'board-file';
  readonly path: string;
  readonly lines: readonly string[];
  /** Units to restart when it changes; `systemd` is the manager itself. */
  readonly restarts: readonly string[];
}

/** How long the disk below etcd may take to sync, on control planes that are boards. Measured before etcd starts. */
export interface DiskLimit {
  readonly kind: 'disk-limit';
  /** 99th percentile in milliseconds that is reported. */
  readonly warn: number;
  /** 99th percentile in milliseconds that stops the installation. */
  readonly fail: number;
}

/** A service that runs on the node itself. */
export interface NodeService {
  readonly kind: 'node-service';
  readonly service: 'csr-approver' | 'time-sync' | 'time-gate' | 'verification';
  readonly roles: readonly Role[];
}

/** What a control wants rendered. A closed union: each kind has exactly one renderer. */
export type Setting =
  | ComponentArg
  | ComponentArgList
  | StaticPodMount
  | KubeletField
  | KubeletPatch
  | KubeProxyField
  | ClusterConfigurationField
  | EncryptedResource
  | AnonymousPath
  | AdmissionPluginConfiguration
  | AuditRule
  | ContainerdField
  | Sysctl
  | KernelModule
  | FileMode
  | AbsentFile
  | Directory
  | SystemUser
  | UnitOption
  | FirewallRule
  | ConnectionLimit
  | AbsentObject
  | PlatformFeature
  | KernelArgument
  | BoardFile
  | DiskLimit
  | NodeService;

export type SettingKind = Setting['kind'];
export type SettingOf<K extends SettingKind> = Extract<Setting, { kind: K }>;

/** A setting with the ids of the controls (or `spec:<path>`, `base`) it comes from. */
export interface Placed<S extends Setting = Setting> {
  readonly setting: S;
  readonly origins: readonly string[];
}
