import { z } from 'zod';
import { boardNames } from '../boards/classes';
import { profileNames } from '../profiles/profile';
import { podSecurityLevels } from './pod-security-levels';
import {
  cidr,
  cidrOrAddress,
  dnsLabel,
  hostPort,
  httpsUrl,
  httpUrl,
  imageRegistry,
  interfaceAddress,
  interfaceName,
  ipAddress,
  isoDate,
  macAddress,
  ownDirectory,
  serverName,
  sshHostKey,
} from './primitives';
import { tenantSchema } from './tenant-spec';
import { waiverOwner, waiverReason, waiverSchema } from './waiver';

export type { Waiver } from './waiver';

const userProfile = z.strictObject({
  name: dnsLabel.optional().describe('Name for reports'),
  extends: z.enum(profileNames).describe('Profile whose controls and values are taken over'),
  add: z.array(z.string().min(1)).default([]).describe('Ids of controls that are on as well'),
  remove: z
    .array(z.string().min(1))
    .default([])
    .describe('Ids of controls that are not on; critical ones go off only by a waiver'),
  values: z
    .record(z.string().min(1), z.union([z.int(), z.string()]))
    .default({})
    .describe('Values that are tightened, by id of the control'),
});

export const roles = ['control-plane', 'worker'] as const;
export type Role = (typeof roles)[number];

/** How often a control plane verifies itself. systemd calls the same calendar events by these names. */
export const verificationSchedules = ['hourly', 'daily', 'weekly'] as const;

const jumpHost = z
  .strictObject({
    address: serverName.describe('Address or DNS name of the jump host'),
    user: z.string().min(1).default('root').describe('User on the jump host'),
    port: z.int().min(1).max(65535).default(22).describe('SSH port of the jump host'),
    hostKey: sshHostKey.describe('Pinned public host key of the jump host'),
  })
  .describe('Host that SSH connections go through');

const sshAccess = z.strictObject({
  user: z.string().min(1).optional().describe('User to log in as (default root)'),
  port: z.int().min(1).max(65535).optional().describe('SSH port (default 22)'),
  identityFile: z
    .string()
    .min(1)
    .optional()
    .describe("Private key file (default: what the operator's SSH client picks)"),
  become: z.enum(['none', 'sudo']).optional().describe('How to become root (default: none for root, sudo for others)'),
  jump: jumpHost.optional(),
});

const taint = z.strictObject({
  key: z.string().min(1).describe('Taint key'),
  value: z.string().optional().describe('Taint value'),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).describe('Taint effect'),
});

const node = z.strictObject({
  name: dnsLabel.describe('Node name, also its host name'),
  role: z.enum(roles).describe('control-plane or worker'),
  address: ipAddress.describe('Address that the other nodes and the operator reach'),
  hostKey: sshHostKey.describe('Pinned public SSH host key, as `ssh-keygen -lf` reads it'),
  ssh: sshAccess.optional().describe('Overrides of the cluster-wide `ssh` for this node'),
  macAddress: macAddress.optional().describe('Hardware address, to which a gateway leases `address`'),
  labels: z.record(z.string(), z.string()).default({}).describe('Node labels'),
  taints: z.array(taint).default([]).describe('Node taints beside those of the role'),
  platform: z
    .strictObject({ board: z.enum(boardNames).describe('Class of the Raspberry Pi') })
    .optional()
    .describe('What the machine is, where that decides settings (default: any computer)'),
});

const networkInterface = (whose: string) =>
  z.strictObject({
    interface: interfaceName.describe(`Name of the interface to ${whose}`),
    address: interfaceAddress.describe('Its own address, with the length of the network: 10.42.0.1/24'),
  });

const gateway = z
  .strictObject({
    name: dnsLabel.default('gateway').describe('Name of the gateway, also in the inventory'),
    hostKey: sshHostKey.describe('Pinned public SSH host key of the gateway'),
    ssh: z
      .strictObject({
        user: z.string().min(1).default('root').describe('User on the gateway, and on the way through it'),
        port: z.int().min(1).max(65535).default(22).describe('SSH port of the gateway'),
      })
      .default({ user: 'root', port: 22 })
      .describe('How the gateway is reached; it becomes the jump host of every node'),
    outside: networkInterface('the network around the cluster'),
    inside: networkInterface('the nodes'),
    publish: z
      .array(
        z.strictObject({
          port: z.int().min(1).max(65535).describe('TCP port of the gateway'),
          node: dnsLabel.describe('Node that it leads to'),
          nodePort: z.int().min(1).max(65535).describe('TCP port of the node'),
          sources: z.array(cidrOrAddress).min(1).describe('Who may connect'),
        }),
      )
      .default([])
      .describe('TCP ports that lead to a node, beside that of the API server'),
  })
  .describe('A Debian host with two interfaces that is the only way to the nodes: fixed leases, firewall, jump host');

const oidcIssuer = z.strictObject({
  issuerUrl: httpsUrl.describe('Issuer URL, https only'),
  audiences: z.array(z.string().min(1)).min(1).describe('Accepted audiences'),
  certificateAuthority: z.string().optional().describe('PEM bundle that signs the issuer (default: system roots)'),
  usernameClaim: z.string().min(1).default('sub').describe('Claim that names the user'),
  usernamePrefix: z.string().min(1).describe('Prefix of every user name from this issuer'),
  groupsClaim: z.string().min(1).optional().describe('Claim that lists the groups'),
  groupsPrefix: z.string().min(1).optional().describe('Prefix of every group from this issuer'),
});

const namespace = z
  .strictObject({
    name: dnsLabel.describe('Namespace name'),
    level: z.enum(podSecurityLevels).default('restricted').describe('Pod Security level that is enforced'),
    waiver: z
      .strictObject({
        reason: waiverReason.describe('Why restricted cannot hold'),
        owner: waiverOwner.describe('Who answers for it'),
        expires: isoDate.describe('Last day on which the waiver is valid'),
      })
      .optional()
      .describe('Needed for a level below restricted'),
  })
  .describe('A namespace with its Pod Security level');

const cni = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('cilium'),
    encryption: z.enum(['wireguard', 'none']).default('wireguard').describe('Encryption of traffic between nodes'),
    kubeProxyReplacement: z.boolean().default(true).describe('Whether Cilium takes the place of kube-proxy'),
  }),
  z.strictObject({
    name: z.literal('external').describe('A network that somebody else installs'),
    enforcesNetworkPolicies: z.boolean().describe('Whether it enforces NetworkPolicy'),
  }),
]);

const componentArguments = z.record(z.string().min(1), z.string());

/** The description of a cluster, as `cluster.yaml` or a TypeScript object gives it. */
export const clusterSpecSchema = z.strictObject({
  name: dnsLabel.describe('Cluster name'),
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d+(\.\d+)?$/, 'a Kubernetes version reads 1.36 or 1.36.3')
    .default('1.36')
    .describe('Kubernetes version, minor or exact patch'),
  profile: z
    .union([z.enum(profileNames), userProfile])
    .default('internet-facing')
    .describe('Threat model that decides which controls are on: one of Bulwark, or one of your own that extends it'),
  nodes: z.array(node).min(1).describe('The machines of the cluster'),
  ssh: sshAccess.default({}).describe('How to reach every node, unless a node says otherwise'),
  gateway: gateway.optional(),
  networking: z
    .strictObject({
      podCidr: cidr.default('10.244.0.0/16').describe('Addresses of pods'),
      serviceCidr: cidr.default('10.96.0.0/16').describe('Addresses of services'),
      dnsDomain: z.string().min(1).default('cluster.local').describe('DNS domain of the cluster'),
      controlPlaneEndpoint: hostPort
        .optional()
        .describe('host:port of the API server (default: first control plane, 6443)'),
      certificateNames: z
        .array(serverName)
        .default([])
        .describe('Extra names and addresses in the API server certificate'),
      allowedApiCidrs: z.array(cidrOrAddress).min(1).describe('Who may reach the API server from outside the cluster'),
      operatorCidrs: z.array(cidrOrAddress).min(1).describe('Who may reach SSH on the nodes'),
      dnsUpstreams: z
        .array(ipAddress)
        .default([])
        .describe("Resolvers for names outside the cluster (default: each node's own)"),
      ntpServers: z.array(serverName).default([]).describe("Time servers (default: the distribution's own)"),
      httpProxy: z
        .strictObject({
          url: httpUrl.describe('Proxy URL, without credentials'),
          noProxy: z
            .array(z.string().min(1))
            .default([])
            .describe('Destinations that bypass it, beside the cluster itself'),
        })
        .optional()
        .describe('Proxy for image pulls'),
    })
    .describe('Addresses, names and who may connect'),
  authentication: z
    .strictObject({ oidc: z.array(oidcIssuer).default([]).describe('OIDC issuers whose tokens are accepted') })
    .default({ oidc: [] })
    .describe('How people log in'),
  encryption: z
    .strictObject({
      resources: z
        .array(z.string().min(1))
        .default([])
        .describe('Resources kept encrypted in etcd, beside Secrets and ConfigMaps'),
    })
    .default({ resources: [] })
    .describe('Encryption at rest'),
  namespaces: z.array(namespace).default([]).describe('Namespaces made with the cluster'),
  tenants: z.array(tenantSchema).default([]).describe('Teams with namespaces, limits and rights of their own'),
  images: z
    .strictObject({
      registries: z
        .array(imageRegistry)
        .default([])
        .describe('Registries, with or without a path, that images come from (default: any)'),
      pinning: z
        .enum(['tag', 'digest'])
        .default('tag')
        .describe('How images are named: by a tag that is not `latest`, or by digest only'),
    })
    .default({ registries: [], pinning: 'tag' })
    .describe('What images workloads may run'),
  registry: z
    .strictObject({
      mirror: httpsUrl.describe('Mirror for every image registry, https only'),
      certificateAuthority: z.string().optional().describe('PEM bundle that signs the mirror'),
    })
    .optional()
    .describe('Registry mirror'),
  cni: cni.default({ name: 'cilium', encryption: 'wireguard', kubeProxyReplacement: true }).describe('Pod network'),
  metricsServer: z
    .boolean()
    .default(false)
    .describe(
      'Whether metrics-server runs on a control plane, for `kubectl top` and autoscalers (default: false, because it takes memory on every cluster); needs Cilium',
    ),
  artifacts: z
    .discriminatedUnion('source', [
      z.strictObject({ source: z.literal('source').describe('Built from the Go module proxy') }),
      z.strictObject({
        source: z.literal('offline'),
        directory: z.string().min(1).describe('Directory with index.json; a relative path starts where the spec lies'),
      }),
    ])
    .default({ source: 'source' })
    .describe('Where the node software comes from'),
  extraArguments: z
    .strictObject({
      'kube-apiserver': componentArguments.optional(),
      'kube-controller-manager': componentArguments.optional(),
      'kube-scheduler': componentArguments.optional(),
      etcd: componentArguments.optional(),
    })
    .default({})
    .describe('Arguments that no control owns'),
  verification: z
    .strictObject({
      schedule: z.enum(verificationSchedules).describe('How often each control plane judges itself and the API'),
      metricsDirectory: ownDirectory
        .default('/var/lib/prometheus/node-exporter')
        .describe('Directory on control planes that the textfile collector of node_exporter reads'),
    })
    .optional()
    .describe('Verification by a timer on control planes, with Prometheus metrics (default: none)'),
  waivers: z.array(waiverSchema).default([]).describe('Controls that are knowingly weakened'),
});

/** The spec as a user writes it: defaults may be left out. */
export type ClusterSpecInput = z.input<typeof clusterSpecSchema>;
/** The spec with every default filled. */
export type ClusterSpec = z.output<typeof clusterSpecSchema>;
export type NodeSpec = ClusterSpec['nodes'][number];
