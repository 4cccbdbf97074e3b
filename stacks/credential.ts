import { readFile, rm } from 'node:fs/promises';
import { parse } from 'yaml';
import { mintKubeconfig } from '../apply';
import { layBundle, makeBundle } from './cluster-bundle';
import { privateDirectory } from './private-directory';
import { resolveSpec } from './resolve-spec';

/** What a client of the API server reads from the program that its kubeconfig names. */
export interface ExecCredential {
  readonly apiVersion: 'client.authentication.k8s.io/v1';
  readonly kind: 'ExecCredential';
  readonly status: {
    readonly clientCertificateData: string;
    readonly clientKeyData: string;
    /** RFC 3339; the client asks again afterwards. */
    readonly expirationTimestamp: string;
  };
}

interface Kubeconfig {
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/**
 * Mints a credential on a control plane, over SSH.
 *
 * @param spec text of the spec, YAML or JSON
 * @param file name of its file, as errors print it
 * @param ttl time to live, a Go duration
 * @throws HardeningError of kind `spec`, `unreachable`, `apply` or `prerequisite`
 */
export async function mintCredential(spec: string, ttl: string, file?: string): Promise<ExecCredential> {
  const directory = await privateDirectory();
  try {
    const bundle = makeBundle(resolveSpec(spec, file).resolution);
    const kubeconfig = await mintKubeconfig({
      bundleDirectory: layBundle(bundle, directory),
      stateDirectory: directory,
      ttl,
    });
    const { users } = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
    const decode = (name: string) => Buffer.from(users[0]?.user[name] ?? '', 'base64').toString();
    const clientCertificateData = decode('client-certificate-data');
    const { X509Certificate } = await import('node:crypto');
    return {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: {
        clientCertificateData,
        clientKeyData: decode('client-key-data'),
        expirationTimestamp: new Date(new X509Certificate(clientCertificateData).validTo).toISOString(),
      },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
