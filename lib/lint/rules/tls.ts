import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../../fields';
import { defaultNamespace } from '../../network-policy/workload';
import type { Fault, ManifestSet, Rule, SetFault, SetRule } from '../rule';

/** Ingresses: what comes from outside comes encrypted. */
export const tlsRules: readonly Rule[] = [
  {
    control: 'ingress/tls',
    severity: 'error',
    why: 'Without TLS passwords and cookies cross the network for everybody on the way to read.',
    fix: 'add a tls entry with the host and the Secret of its certificate',
    judge: (object) => (isOf(object, 'networking.k8s.io', 'Ingress') ? ingressFaults(object) : []),
  },
];

/** Gateways together with the routes that are attached to them. */
export const tlsSetRules: readonly SetRule[] = [
  {
    control: 'gateways/tls',
    severity: 'error',
    why: 'Without TLS passwords and cookies cross the network for everybody on the way to read.',
    fix: 'use an HTTPS listener with certificateRefs; on an HTTP listener let every rule be a RequestRedirect to https',
    judge: gatewayFaults,
  },
];

function isOf(object: Fields, group: string, kind: string): boolean {
  return object.kind === kind && textOf(object.apiVersion).startsWith(`${group}/`);
}

function ingressFaults(ingress: Fields): Fault[] {
  const { tls, rules } = fieldsOf(ingress.spec);
  const entries = itemsOf(tls).map(fieldsOf);
  if (entries.length === 0) return [{ path: 'spec.tls', message: 'requests and answers pass unencrypted' }];
  // An entry without hosts is for all of them.
  const hosts = entries.flatMap((entry) => (itemsOf(entry.hosts).length === 0 ? ['*'] : textsOf(entry.hosts)));
  const plain = itemsOf(rules).flatMap((rule, index): Fault[] => {
    const host = textOf(fieldsOf(rule).host);
    if (hosts.some((each) => each === '*' || covers(each, host))) return [];
    return [{ path: `spec.rules[${index}].host`, message: `${host || 'every host'} has no certificate` }];
  });
  const annotations = fieldsOf(fieldsOf(ingress.metadata).annotations);
  const unredirected = Object.entries(annotations)
    .filter(([key, value]) => /\/(force-)?ssl-redirect$/.test(key) && value === 'false')
    .map(([key]) => ({ path: `metadata.annotations["${key}"]`, message: 'HTTP is answered instead of redirected' }));
  return [...plain, ...unredirected];
}

function covers(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  return host.endsWith(pattern.slice(1)) && !host.slice(0, -pattern.length + 1).includes('.');
}

const encrypted = ['HTTPS', 'TLS'];

function gatewayFaults({ objects }: ManifestSet): SetFault[] {
  const routes = objects.filter((object) => isOf(object, 'gateway.networking.k8s.io', 'HTTPRoute'));
  return objects
    .filter((object) => isOf(object, 'gateway.networking.k8s.io', 'Gateway'))
    .flatMap((gateway) => {
      const listeners = itemsOf(fieldsOf(gateway.spec).listeners).map(fieldsOf);
      const isEncrypted = listeners.some(({ protocol }) => encrypted.includes(textOf(protocol)));
      return listeners.flatMap((listener, index): SetFault[] => {
        const path = `spec.listeners[${index}]`;
        const protocol = textOf(listener.protocol);
        if (encrypted.includes(protocol)) {
          const { mode, certificateRefs } = fieldsOf(listener.tls);
          if (mode === 'Passthrough' || itemsOf(certificateRefs).length > 0) return [];
          return [{ object: gateway, path: `${path}.tls`, message: 'the listener has no certificate' }];
        }
        if (protocol !== 'HTTP') return [{ object: gateway, path, message: `${protocol} passes unencrypted` }];
        if (!isEncrypted) return [{ object: gateway, path, message: 'the gateway speaks plain HTTP only' }];
        return routes.flatMap((route) => plainRules(route, gateway, listener));
      });
    });
}

/** The rules of a route that an unencrypted listener serves instead of redirecting. */
function plainRules(route: Fields, gateway: Fields, listener: Fields): SetFault[] {
  const isAttached = itemsOf(fieldsOf(route.spec).parentRefs).some((item) => {
    const { name, namespace, sectionName } = fieldsOf(item);
    return (
      name === fieldsOf(gateway.metadata).name &&
      (textOf(namespace) || namespaceOf(route)) === namespaceOf(gateway) &&
      (sectionName === undefined || sectionName === listener.name)
    );
  });
  if (!isAttached) return [];
  return itemsOf(fieldsOf(route.spec).rules).flatMap((rule, index): SetFault[] => {
    const isRedirect = itemsOf(fieldsOf(rule).filters).some(
      (filter) => fieldsOf(fieldsOf(filter).requestRedirect).scheme === 'https',
    );
    if (isRedirect) return [];
    const message = `answered on the unencrypted listener ${textOf(listener.name)} instead of redirected`;
    return [{ object: route, path: `spec.rules[${index}]`, message }];
  });
}

function namespaceOf({ metadata }: Fields): string {
  return textOf(fieldsOf(metadata).namespace) || defaultNamespace;
}
