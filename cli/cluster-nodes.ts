import { spawnSync } from 'node:child_process';
import type { Console } from './console';

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status: {
    readonly nodeInfo: { readonly kubeletVersion: string; readonly containerRuntimeVersion: string };
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Prints the nodes as the API server knows them, or why it cannot be asked from here. */
export function printNodes(kubectl: string, kubeconfig: string, out: Console): void {
  const args = [`--kubeconfig=${kubeconfig}`, '--request-timeout=10s', 'get', 'nodes', '--output=json'];
  const { status, stdout, stderr, error } = spawnSync(kubectl, args, { encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) {
    out.note(`The API server was not asked for its nodes from here: ${error?.message ?? stderr.trim()}`);
    return;
  }
  const { items } = JSON.parse(stdout) as { readonly items: readonly NodeObject[] };
  const width = Math.max(...items.map(({ metadata }) => metadata.name.length));
  for (const { metadata, status: node } of items) {
    const ready = node.conditions.find(({ type }) => type === 'Ready')?.status === 'True';
    const role = metadata.labels?.['node-role.kubernetes.io/control-plane'] === undefined ? 'worker' : 'control-plane';
    const state = ready ? out.colour('green', 'Ready') : out.colour('red', 'NotReady');
    const { kubeletVersion, containerRuntimeVersion } = node.nodeInfo;
    out.result(
      `${metadata.name.padEnd(width)}  ${role.padEnd(13)}  ${state}  ${kubeletVersion}  ${containerRuntimeVersion}`,
    );
  }
}
