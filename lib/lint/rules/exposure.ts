import { fieldsOf, isFields, itemsOf } from '../../fields';
import type { Rule } from '../rule';

/** Objects that open the nodes: Services that take traffic from outside, and volumes on a node's disk. */
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
