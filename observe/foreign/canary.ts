import { randomBytes } from 'node:crypto';
import { at, show } from '../../lib/checks/values';
import type { ApiProxy } from './api-proxy';

const secrets = '/api/v1/namespaces/kube-system/secrets';

/** A Secret whose value occurs nowhere else, as the nodes look for it. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** @returns the Secret that was made, or why it was not */
export async function makeCanary(api: ApiProxy): Promise<Canary | string> {
  const canary = {
    name: `bulwark-canary-${randomBytes(4).toString('hex')}`,
    value: `canary-${randomBytes(16).toString('hex')}`,
  };
  const { status, body } = await api.request('POST', secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: canary.name },
    stringData: { value: canary.value },
  });
  return status === 201 ? canary : `the canary could not be made: ${show(at(body, 'message'))}`;
}

/** Reads the Secret once, which the audit log must show, and deletes it. @returns why it is still there, if it is */
export async function removeCanary(api: ApiProxy, { name }: Canary): Promise<string | undefined> {
  await api.request('GET', `${secrets}/${name}`);
  const { status, body } = await api.request('DELETE', `${secrets}/${name}`);
  if (status === 200 || status === 404) return undefined;
  return `the canary Secret kube-system/${name} could not be deleted: ${show(at(body, 'message'))}`;
}
