import { fileText, processArgList } from '../../checks';
import { control } from '../control';
import { cis, seed } from '../sources';

export default control({
  id: 'admission/event-rate-limit',
  title: 'Events are limited per server, namespace and user',
  why: 'A controller or pod gone wild otherwise floods etcd with events.',
  cost: 'Bursts of more than 100 events in a namespace, or 50 by one user, are dropped.',
  severity: 'medium',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.9'), seed('002/floods')],
  stock: 'differs',
  settings: () => [
    {
      kind: 'admission-plugin-configuration',
      plugin: 'EventRateLimit',
      configuration: {
        apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
        kind: 'Configuration',
        limits: [
          { type: 'Server', qps: 5000, burst: 20000 },
          { type: 'Namespace', qps: 50, burst: 100 },
          { type: 'User', qps: 10, burst: 50 },
        ],
      },
    },
  ],
  // The effect would take a flood of events on the live cluster.
  checks: ({ paths }) => [
    processArgList({
      scope: 'control-plane',
      process: 'kube-apiserver',
      name: 'enable-admission-plugins',
      members: ['EventRateLimit'],
    }),
    fileText({
      scope: 'control-plane',
      path: paths.admission,
      matches: /EventRateLimit/,
      expected: 'configures EventRateLimit',
    }),
  ],
});
