import { readFile, rm } from 'node:fs/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { type KubeconfigRequest, mintKubeconfig } from '../../apply';
import type { ClusterSpec } from '../../lib/spec/cluster-spec';
import { privateDirectory } from '../private-directory';

/** What a kubeconfig without a credential needs. */
export interface ExecKubeconfig {
  /** URL of the API server. */
  readonly endpoint: string;
  /** PEM. */
  readonly caCertificate: string;
  readonly spec: ClusterSpec;
}

/**
 * A kubeconfig that holds no credential: each client has `bulwark credential` mint one over SSH, so nothing in a stack's
 * state can be used by others or expires. It works wherever the operator's SSH key is.
 */
export function execKubeconfig({ endpoint, caCertificate, spec }: ExecKubeconfig): string {
  const { name } = spec;
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'npx',
    args: ['--no-install', 'bulwark', 'credential'],
    env: [{ name: 'BULWARK_SPEC', value: packSpec(spec) }],
    interactiveMode: 'Never',
    provideClusterInfo: false,
    installHint: 'bulwark mints the credential: npm install bulwark',
  };
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name,
          cluster: {
            server: endpoint,
            'certificate-authority-data': Buffer.from(caCertificate).toString('base64'),
          },
        },
      ],
      users: [{ name: 'bulwark:operator', user: { exec } }],
      contexts: [{ name, context: { cluster: name, user: 'bulwark:operator' } }],
      'current-context': name,
    },
    { lineWidth: 0 },
  );
}

/** A spec in one short word: Pulumi lays open whatever it can read as JSON or YAML, over pages. */
const packSpec = (spec: ClusterSpec): string => deflateRawSync(JSON.stringify(spec)).toString('base64');

/** The spec that `execKubeconfig` packed, as JSON. */
export const unpackSpec = (packed: string): string => inflateRawSync(Buffer.from(packed, 'base64')).toString();

/**
 * The cluster's certificate authority in PEM, as a control plane gives it.
 *
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function readCertificateAuthority(request: KubeconfigRequest): Promise<string> {
  // The credential that comes with it is of no use here: it expires in minutes and never meets a disk.
  const directory = await privateDirectory();
  try {
    const file = await mintKubeconfig({ ...request, stateDirectory: directory, ttl: '10m' });
    const { clusters } = parse(await readFile(file, 'utf8')) as {
      clusters: readonly { cluster: Readonly<Record<string, string>> }[];
    };
    return Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
