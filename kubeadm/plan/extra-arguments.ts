import { HardeningError, type Issue } from '../../lib/errors';
import type { MergedSettings } from '../../lib/settings/merge';
import type { ControlPlaneComponent, Placed } from '../../lib/settings/setting';
import type { ClusterSpec } from '../../lib/spec/cluster-spec';

/** Arguments whose members only ever add a check, so that a user's members join those of the controls. */
const additive: readonly string[] = ['enable-admission-plugins'];

const kubeadmOwned: Readonly<Record<ControlPlaneComponent, readonly string[]>> = {
  'kube-apiserver': [
    'advertise-address',
    'allow-privileged',
    'authorization-mode',
    'client-ca-file',
    'enable-bootstrap-token-auth',
    'etcd-cafile',
    'etcd-certfile',
    'etcd-keyfile',
    'etcd-servers',
    'kubelet-client-certificate',
    'kubelet-client-key',
    'kubelet-preferred-address-types',
    'proxy-client-cert-file',
    'proxy-client-key-file',
    'requestheader-allowed-names',
    'requestheader-client-ca-file',
    'requestheader-extra-headers-prefix',
    'requestheader-group-headers',
    'requestheader-username-headers',
    'secure-port',
    'service-account-issuer',
    'service-account-key-file',
    'service-account-signing-key-file',
    'service-cluster-ip-range',
    'tls-cert-file',
    'tls-private-key-file',
  ],
  'kube-controller-manager': [
    'allocate-node-cidrs',
    'authentication-kubeconfig',
    'authorization-kubeconfig',
    'bind-address',
    'client-ca-file',
    'cluster-cidr',
    'cluster-name',
    'cluster-signing-cert-file',
    'cluster-signing-key-file',
    'controllers',
    'kubeconfig',
    'leader-elect',
    'requestheader-client-ca-file',
    'root-ca-file',
    'service-account-private-key-file',
    'service-cluster-ip-range',
    'use-service-account-credentials',
  ],
  'kube-scheduler': [
    'authentication-kubeconfig',
    'authorization-kubeconfig',
    'bind-address',
    'kubeconfig',
    'leader-elect',
  ],
  etcd: [
    'advertise-client-urls',
    'cert-file',
    'client-cert-auth',
    'data-dir',
    'feature-gates',
    'initial-advertise-peer-urls',
    'initial-cluster',
    'initial-cluster-state',
    'key-file',
    'listen-client-urls',
    'listen-metrics-urls',
    'listen-peer-urls',
    'name',
    'peer-cert-file',
    'peer-client-cert-auth',
    'peer-key-file',
    'peer-trusted-ca-file',
    'trusted-ca-file',
    'watch-progress-notify-interval',
  ],
};

/** Components take `_` for `-` in the names of their arguments. */
const canonical = (name: string) => name.replaceAll('_', '-');

/**
 * What of an argument's value a spec may give a component: nothing where a control, kubeadm or this program sets it, and
 * of additive ones the members that they lack.
 */
export function freeValue(
  settings: MergedSettings,
  component: ControlPlaneComponent,
  name: string,
  value: string,
): string | undefined {
  const isSame = ({ setting }: { readonly setting: { readonly component: string; readonly name: string } }) =>
    setting.component === component && setting.name === canonical(name);
  const list = settings.of('component-arg-list').find(isSame);
  if (additive.includes(name)) {
    const members = value.split(',').filter((member) => !list?.setting.members.includes(member));
    return members.length > 0 ? members.join(',') : undefined;
  }
  const isOwned = kubeadmOwned[component].includes(canonical(name)) || settings.of('component-arg').some(isSame);
  return isOwned || list ? undefined : value;
}

/**
 * The escape hatch: arguments of the spec that nothing else owns, as settings.
 *
 * @param settings every other setting; a waived control owns nothing
 * @throws HardeningError of kind `weaker` naming each argument that a control, kubeadm or this program owns
 */
export function extraArguments(spec: ClusterSpec, settings: MergedSettings): readonly Placed[] {
  const issues: Issue[] = [];
  const placed: Placed[] = [];
  const owned = [...settings.of('component-arg'), ...settings.of('component-arg-list')];
  const components = Object.keys(kubeadmOwned) as ControlPlaneComponent[];
  for (const component of components) {
    for (const [name, value] of Object.entries(spec.extraArguments[component] ?? {})) {
      const origins = [`spec:extraArguments.${component}.${name}`];
      const issue = { path: `extraArguments.${component}.${name}`, got: value };
      const owner = owned.find(
        (other) => other.setting.component === component && canonical(name) === other.setting.name,
      );
      if (additive.includes(name)) {
        const members = value.split(',').map((member) => member.trim());
        placed.push({ setting: { kind: 'component-arg-list', component, name, members }, origins });
      } else if (owner) {
        const [control] = owner.origins;
        issues.push({
          ...issue,
          code: 'ARGUMENT_OWNED',
          message: `${owner.origins.join(', ')} sets this argument`,
          control,
          fix: 'remove the argument, or waive the control with a reason, an owner and a date',
        });
      } else if (kubeadmOwned[component].includes(canonical(name))) {
        issues.push({
          ...issue,
          code: 'ARGUMENT_OF_KUBEADM',
          message: 'kubeadm sets this argument, and the cluster depends on its value',
          fix: 'remove the argument',
        });
      } else {
        placed.push({ setting: { kind: 'component-arg', component, name, value }, origins });
      }
    }
  }
  if (issues.length > 0) throw new HardeningError('weaker', issues);
  return placed;
}
