import { flagValues } from '../checks/arguments';
import type { ObjectFact } from '../checks/objects';
import type { ProcessFact } from '../checks/probe';
import { at, list } from '../checks/values';
import { type ApiServerPaths, ownPaths } from '../node-paths';

/** Arguments of the API server that name its files. */
export const pathArguments: Readonly<Record<keyof ApiServerPaths, string>> = {
  authentication: 'authentication-config',
  admission: 'admission-control-config-file',
  audit: 'audit-policy-file',
  encryption: 'encryption-provider-config',
  auditLog: 'audit-log-path',
};

/** The command lines of one program on a node, as the mirror pods of its static pods show them. */
export function processesOf(pods: readonly ObjectFact[], node: string, program: string): readonly ProcessFact[] {
  return pods
    .filter((pod) => at(pod, 'spec.nodeName') === node && at(pod, 'status.phase') === 'Running')
    .flatMap((pod) =>
      list(at(pod, 'spec.containers')).map((container) => ({
        pod: `${at(pod, 'metadata.name')}`,
        args: [...list(at(container, 'command')), ...list(at(container, 'args'))].map(String),
      })),
    )
    .filter(({ args }) => args[0]?.split('/').at(-1) === program);
}

/** Where the API server's arguments say that its files are; ours where they name none. */
export function apiServerPaths(pods: readonly ObjectFact[], node: string): ApiServerPaths {
  const args = processesOf(pods, node, 'kube-apiserver')[0]?.args ?? [];
  const given = Object.entries(pathArguments).flatMap(([file, argument]) => {
    const path = flagValues(args, argument).at(-1);
    return path?.startsWith('/') ? [[file, path] as const] : [];
  });
  return { ...ownPaths, ...Object.fromEntries(given) };
}
