import { type Fields, fieldsOf, itemsOf, textOf } from '../../fields';
import type { Network } from '../../network-policy/network';
import type { PolicyRule } from '../../network-policy/policy';
import { resolvePorts } from '../../network-policy/ports';
import { defaultNamespace, type Workload } from '../../network-policy/workload';
import { nameOf } from '../finding';
import { referenceOf } from '../manifest';
import type { SetFault } from '../rule';

/** A port of a Service, and where on a pod it leads. */
interface ServicePort {
  readonly service: Fields;
  readonly port: number;
  readonly name: string;
  readonly target: number;
}

/** Rules that name the port of a Service: policies see a connection as it arrives, on the pod's own port. */
export function servicePortFaults(network: Network, objects: readonly Fields[]): SetFault[] {
  const services = servicesByWorkload(network, objects);
  return network.policies.flatMap((policy) => {
    const selected = network.workloads.select(policy.pods);
    return policy.rules.flatMap((rule) => {
      const listeners = rule.direction === 'ingress' ? selected : peersOf(network, rule);
      const wrong = listeners.flatMap((workload) => wrongPorts(rule, workload, services.get(workload) ?? []));
      return [...new Set(wrong)].map((message) => ({ object: policy.source, path: rule.path, message }));
    });
  });
}

function peersOf(network: Network, { peers = [] }: PolicyRule): readonly Workload[] {
  return peers.flatMap((peer) => (peer.kind === 'pods' ? network.workloads.select(peer.pods) : []));
}

function wrongPorts({ ports }: PolicyRule, workload: Workload, services: readonly ServicePort[]): string[] {
  return ports.flatMap(({ port, endPort }) => {
    if (typeof port !== 'number' || endPort !== undefined) return [];
    if (workload.ports.some(({ number }) => number === port)) return [];
    const service = services.find((each) => each.port === port && each.target !== port);
    if (!service) return [];
    const name = nameOf(referenceOf(service.service));
    return [`${port} is the port of ${name}; ${nameOf(workload.object)} listens on ${service.target}`];
  });
}

/** Ingresses whose backend lets in nobody who could be the ingress controller. */
export function backendFaults(network: Network, objects: readonly Fields[]): SetFault[] {
  const ingresses = objects.filter(
    ({ kind, apiVersion }) => kind === 'Ingress' && textOf(apiVersion).startsWith('networking.k8s.io/'),
  );
  if (ingresses.length === 0) return [];
  const services = servicesByWorkload(network, objects);
  return ingresses.flatMap((ingress) =>
    backendsOf(ingress).flatMap(({ path, name, port }) =>
      [...services].flatMap(([workload, its]): SetFault[] => {
        if (workload.namespace !== namespaceOf(ingress)) return [];
        const backend = its.find(
          (each) => fieldsOf(each.service.metadata).name === name && [each.port, each.name].includes(port),
        );
        if (!backend || letsInOthers(network, workload, backend.target)) return [];
        const message = `no policy lets an ingress controller into ${nameOf(workload.object)} on ${backend.target}/TCP`;
        return [{ object: ingress, path, message }];
      }),
    ),
  );
}

/** Whether somebody else than the workload's own neighbours may connect. */
function letsInOthers(network: Network, workload: Workload, port: number): boolean {
  const { isolated, allowed } = network.access(workload, 'ingress');
  return (
    !isolated ||
    allowed.some(({ rule }) => {
      const holds = resolvePorts(rule.ports, workload.ports).some(({ from, to }) => from <= port && port <= to);
      if (!holds || rule.peers === undefined) return holds;
      return rule.peers.some((peer) => {
        if (peer.kind !== 'pods') return peer.kind !== 'entity' || peer.entity !== 'host';
        const known = network.workloads.select(peer.pods);
        return known.length === 0 || known.some(({ namespace }) => namespace !== workload.namespace);
      });
    })
  );
}

interface Backend {
  readonly path: string;
  readonly name: string;
  readonly port: number | string;
}

function backendsOf({ spec }: Fields): Backend[] {
  const { defaultBackend, rules } = fieldsOf(spec);
  const places = [
    { path: 'spec.defaultBackend', backend: defaultBackend },
    ...itemsOf(rules).flatMap((rule, ruleIndex) =>
      itemsOf(fieldsOf(fieldsOf(rule).http).paths).map((item, index) => ({
        path: `spec.rules[${ruleIndex}].http.paths[${index}].backend`,
        backend: fieldsOf(item).backend,
      })),
    ),
  ];
  return places.flatMap(({ path, backend }): Backend[] => {
    const { name, port } = fieldsOf(fieldsOf(backend).service);
    const { number, name: portName } = fieldsOf(port);
    if (textOf(name) === '') return [];
    return [{ path, name: textOf(name), port: typeof number === 'number' ? number : textOf(portName) }];
  });
}

function servicesByWorkload(network: Network, objects: readonly Fields[]): ReadonlyMap<Workload, ServicePort[]> {
  const found = new Map<Workload, ServicePort[]>();
  for (const service of objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1')) {
    const { selector, ports } = fieldsOf(service.spec);
    const matchLabels = fieldsOf(selector);
    if (Object.keys(matchLabels).length === 0) continue;
    for (const workload of network.workloads.select({
      namespaces: [namespaceOf(service)],
      selector: { matchLabels },
    })) {
      const its = itemsOf(ports).flatMap((item) => servicePortOf(service, fieldsOf(item), workload));
      found.set(workload, [...(found.get(workload) ?? []), ...its]);
    }
  }
  return found;
}

function servicePortOf(service: Fields, { port, targetPort, name }: Fields, { ports }: Workload): ServicePort[] {
  if (typeof port !== 'number') return [];
  const named = ports.find((each) => each.name !== undefined && each.name === targetPort)?.number;
  const target = typeof targetPort === 'number' ? targetPort : targetPort === undefined ? port : named;
  return target === undefined ? [] : [{ service, port, name: textOf(name), target }];
}

function namespaceOf({ metadata }: Fields): string {
  return textOf(fieldsOf(metadata).namespace) || defaultNamespace;
}
