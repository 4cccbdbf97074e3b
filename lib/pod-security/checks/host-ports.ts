import { fieldsOf, itemsOf } from '../../fields';
import { named, type PodCheck, plural, sorted } from '../check';
import type { Container, Pod } from '../pod';

export const hostPorts: PodCheck = {
  id: 'hostPorts',
  level: 'baseline',
  why: 'The port is open on the node, past NetworkPolicies, and nobody else can have it.',
  fix: 'leave hostPort out and reach the pod through a Service',
  judge: (pod) => {
    const bad = pod.containers.filter((container) => portsOf(pod, container).length > 0);
    if (bad.length === 0) return undefined;
    const ports = sorted(bad.flatMap((container) => portsOf(pod, container).map(({ port }) => String(port))));
    return {
      reason: 'hostPort',
      detail: `${named(bad)} ${plural('uses', 'use', bad.length)} ${plural('hostPort', 'hostPorts', ports.length)} ${ports.join(', ')}`,
      paths: bad.flatMap((container) => portsOf(pod, container).map(({ path }) => path)),
    };
  },
};

/** Host ports of a container. On the node's network every port is one: the API server fills them in. */
function portsOf({ spec }: Pod, { fields, path }: Container): { readonly port: number; readonly path: string }[] {
  const isDefaulted = spec.hostNetwork === true && !path.startsWith('ephemeral');
  return itemsOf(fields.ports).flatMap((item, index) => {
    const { hostPort, containerPort } = fieldsOf(item);
    const port = Number(hostPort || (isDefaulted ? containerPort : 0));
    return port ? [{ port, path: `${path}.ports[${index}].hostPort` }] : [];
  });
}
