import { fieldsOf, textOf } from '../../fields';
import { type PodCheck, plural, quoted, sorted } from '../check';
import type { Container } from '../pod';

const handlers = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

export const hostProbesAndHostLifecycle: PodCheck = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  why: 'The kubelet would be made to call any address that it can reach, in the pod’s name.',
  fix: 'leave host out: probes and hooks then reach the pod itself',
  judge: ({ containers }) => {
    const hosts = containers.flatMap((container) => hostsOf(container).map((host) => ({ ...host, container })));
    if (hosts.length === 0) return undefined;
    const names = sorted(hosts.map(({ container }) => container.name));
    const values = sorted(hosts.map(({ host }) => host));
    return {
      reason: 'probe or lifecycle host',
      detail: `${plural('container', 'containers', names.length)} ${quoted(names)} ${plural('uses', 'use', names.length)} ${plural('probe or lifecycle host', 'probe or lifecycle hosts', values.length)} ${quoted(values)}`,
      paths: hosts.map(({ path }) => path),
    };
  },
};

function hostsOf({ fields, path }: Container): { readonly host: string; readonly path: string }[] {
  return handlers.flatMap((steps) => {
    const handler = steps.reduce((parent, step) => fieldsOf(parent[step]), fields);
    return ['httpGet', 'tcpSocket'].flatMap((action) => {
      const host = textOf(fieldsOf(handler[action]).host);
      return host === '' ? [] : [{ host, path: [path, ...steps, action, 'host'].join('.') }];
    });
  });
}
