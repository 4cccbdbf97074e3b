import { fieldsOf, isFields, itemsOf, textOf } from '../../fields';
import type { Rule } from '../rule';

/** The controller whose admission webhook let every pod run code (CVE-2025-1974); its project ended in March 2026. */
const retiredController = /(^|\/)ingress-nginx\/controller([:@]|$)/;

/** Objects that open the cluster: Services and controllers that take traffic from outside, volumes on a node's disk. */
export const exposureRules: readonly Rule[] = [
  {
    control: 'services/external-ips',
    severity: 'error',
    why: 'Nothing checks the addresses: a Service may claim that of another service, or of a host on the Internet, and read along.',
    fix: 'leave externalIPs out: whoever sets them takes over the traffic to those addresses',
    judge: (object) =>
      isService(object.apiVersion, object.kind) && itemsOf(fieldsOf(object.spec).externalIPs).length > 0
        ? [{ path: 'spec.externalIPs', message: 'the Service takes traffic that is meant for other addresses' }]
        : [],
  },
  {
    control: 'services/node-port',
    severity: 'error',
    why: 'The port is open on every node and every address of it, past Ingress, its TLS and its log.',
    fix: 'use a ClusterIP behind an Ingress or a Gateway',
    judge: (object) =>
      isService(object.apiVersion, object.kind) && fieldsOf(object.spec).type === 'NodePort'
        ? [{ path: 'spec.type', message: 'a NodePort opens a port on every node' }]
        : [],
  },
  {
    control: 'ingress/retired-controller',
    severity: 'error',
    why: "ingress-nginx ended in March 2026; its admission webhook once let every pod run code with the controller's rights (CVE-2025-1974), and the next such hole stays open.",
    fix: 'use a controller that is maintained, for a Gateway or for Ingresses',
    judge: (_object, pod) =>
      (pod?.containers ?? [])
        .filter(({ fields }) => retiredController.test(textOf(fields.image)))
        .map(({ path }) => ({
          path: `${pod?.at}.${path}.image`,
          message: 'ingress-nginx gets no security fixes since March 2026',
        })),
  },
  {
    control: 'volumes/host-path',
    severity: 'error',
    why: 'A directory of the node holds other pods, logs and credentials of the kubelet.',
    fix: 'use a storage class, or a local volume with node affinity',
    judge: (object) =>
      object.kind === 'PersistentVolume' && isFields(fieldsOf(object.spec).hostPath)
        ? [{ path: 'spec.hostPath', message: 'the volume is a directory of whichever node its pod runs on' }]
        : [],
  },
];

function isService(apiVersion: unknown, kind: unknown): boolean {
  return apiVersion === 'v1' && kind === 'Service';
}
