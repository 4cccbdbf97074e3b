import type { Mutation } from './mutation';
import { edit, runsWith, until } from './scripts';

type Component = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

const manifest = (component: Component) => `/etc/kubernetes/manifests/${component}.yaml`;

type Rest = Pick<Mutation, 'control'> & Partial<Pick<Mutation, 'also' | 'seenOn'>>;

/** Gives an argument of a static pod another value. */
const changed = (component: Component, name: string, value: string, rest: Rest): Mutation => ({
  what: `${component} --${name}=${value}`,
  on: 'control-plane',
  touches: component,
  script: `${edit(manifest(component), `s|--${name}=.*|--${name}=${value}|`)} && ${until(runsWith(component, `--${name}=${value}`))}`,
  ...rest,
});

/** Gives a static pod one more argument. */
const added = (component: Component, argument: string, rest: Rest): Mutation => ({
  what: `${component} ${argument}`,
  on: 'control-plane',
  touches: component,
  script: `${edit(manifest(component), `s|^    - ${component}$|&\\n    - ${argument}|`)} && ${until(runsWith(component, argument))}`,
  ...rest,
});

/** Takes an argument of a static pod away. */
const removed = (component: Component, name: string, rest: Rest): Mutation => ({
  what: `${component} without --${name}`,
  on: 'control-plane',
  touches: component,
  script: `${edit(manifest(component), `/--${name}=/d`)} && ${until(`! ${runsWith(component, `--${name}=`)}`)} && ${until(`pgrep -f '^${component} ' >/dev/null`)}`,
  ...rest,
});

const askedOfTheAuthorizers = 'Its check asks the authorizers, and now one of them allows everything.';

/** Arguments of the control plane, changed in the manifests that the kubelet runs. */
export const staticPods: readonly Mutation[] = [
  changed('kube-apiserver', 'profiling', 'true', { control: 'kube-apiserver/profiling' }),
  changed('kube-apiserver', 'audit-log-maxage', '1', { control: 'audit/log-maxage' }),
  changed('kube-apiserver', 'tls-min-version', 'VersionTLS10', { control: 'kube-apiserver/tls' }),
  changed('kube-apiserver', 'enable-admission-plugins', 'NodeRestriction,EventRateLimit,PodSecurity', {
    control: 'admission/deny-service-external-ips',
    seenOn: ['cluster'],
  }),
  changed('kube-apiserver', 'authorization-mode', 'Node,RBAC,AlwaysAllow', {
    control: 'kube-apiserver/authorization',
    seenOn: ['control-plane', 'cluster'],
    also: [
      { control: 'access/cluster-info', seenOn: ['cluster'], why: askedOfTheAuthorizers },
      { control: 'access/component-roles', seenOn: ['cluster'], why: askedOfTheAuthorizers },
      { control: 'kubelet/certificate-approver', seenOn: ['cluster'], why: askedOfTheAuthorizers },
      {
        control: 'kubelet/authorization',
        seenOn: ['control-plane', 'workers'],
        why: 'Kubelets ask the API server what a caller may do, and it now allows everything.',
      },
      {
        control: 'kube-controller-manager/delegated-authorization',
        seenOn: ['control-plane'],
        why: 'The controller manager asks the API server what a caller may do.',
      },
      {
        control: 'kube-scheduler/delegated-authorization',
        seenOn: ['control-plane'],
        why: 'The scheduler asks the API server what a caller may do.',
      },
    ],
  }),
  changed('kube-controller-manager', 'profiling', 'true', { control: 'kube-controller-manager/profiling' }),
  changed('kube-controller-manager', 'bind-address', '0.0.0.0', { control: 'kube-controller-manager/loopback' }),
  changed('kube-controller-manager', 'cluster-signing-duration', '8760h', {
    control: 'kube-controller-manager/signing-duration',
  }),
  changed('kube-controller-manager', 'terminated-pod-gc-threshold', '12500', {
    control: 'kube-controller-manager/terminated-pod-gc-threshold',
  }),
  changed('kube-controller-manager', 'tls-min-version', 'VersionTLS10', { control: 'kube-controller-manager/tls' }),
  changed('kube-controller-manager', 'use-service-account-credentials', 'false', {
    control: 'kube-controller-manager/service-account-credentials',
  }),
  added('kube-controller-manager', '--authorization-always-allow-paths=/healthz,/readyz,/livez,/metrics', {
    control: 'kube-controller-manager/delegated-authorization',
  }),

  changed('kube-scheduler', 'profiling', 'true', { control: 'kube-scheduler/profiling' }),
  changed('kube-scheduler', 'bind-address', '0.0.0.0', { control: 'kube-scheduler/loopback' }),
  changed('kube-scheduler', 'tls-min-version', 'VersionTLS10', { control: 'kube-scheduler/tls' }),
  added('kube-scheduler', '--authorization-always-allow-paths=/healthz,/readyz,/livez,/metrics', {
    control: 'kube-scheduler/delegated-authorization',
  }),

  added('etcd', '--enable-pprof', { control: 'etcd/profiling' }),
  changed('etcd', 'auto-tls', 'true', { control: 'etcd/auto-tls' }),
  changed('etcd', 'peer-client-cert-auth', 'false', { control: 'etcd/peer-certificates' }),
  changed('etcd', 'listen-metrics-urls', 'http://0.0.0.0:2381', { control: 'etcd/listen-addresses' }),
  removed('etcd', 'tls-min-version', { control: 'etcd/tls' }),
];
