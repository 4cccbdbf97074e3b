import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ApiServer } from '../support/api-server';

/** The administrator's access to a test's API server as our Python client takes it: in files. */
export function administratorFiles({ kubeconfig, directory }: ApiServer) {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const file = (name: string, base64: string) => {
    const path = join(directory, name);
    writeFileSync(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
    return path;
  };
  return {
    server: clusters[0].cluster.server as string,
    ca: file('administrator-ca.crt', clusters[0].cluster['certificate-authority-data']),
    certificate: file('administrator.crt', users[0].user['client-certificate-data']),
    key: file('administrator.key', users[0].user['client-key-data']),
  };
}
