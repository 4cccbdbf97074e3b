import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { MergedSettings } from '../../lib/settings/merge';
import type { Placed, Setting } from '../../lib/settings/setting';
import { paths } from '../paths';
import { originsOf } from './planning';

/** The arguments by which kube-apiserver finds the documents that other settings make, and the mount that shows them. */
export function documentSettings(cluster: ResolvedCluster, settings: MergedSettings): readonly Placed[] {
  const placed: Placed[] = [];
  const add = (origins: readonly string[], setting: Setting) => {
    if (origins.length > 0) placed.push({ setting, origins });
  };
  const argument = (name: string, value: string, origins: readonly string[]) =>
    add(origins, { kind: 'component-arg', component: 'kube-apiserver', name, value });

  const oidc = cluster.spec.authentication.oidc.length > 0 ? ['spec:authentication.oidc'] : [];
  argument('authentication-config', paths.authentication, [...originsOf(settings.of('anonymous-path')), ...oidc]);
  argument('audit-policy-file', paths.audit, originsOf(settings.of('audit-rule')));
  argument('encryption-provider-config', paths.encryption, originsOf(settings.of('encrypted-resource')));

  const plugins = settings.of('admission-plugin-configuration');
  argument('admission-control-config-file', paths.admission, originsOf(plugins));
  for (const { setting, origins } of plugins) {
    // A configuration for a plugin that is off would be read and have no effect.
    add(origins, {
      kind: 'component-arg-list',
      component: 'kube-apiserver',
      name: 'enable-admission-plugins',
      members: [setting.plugin],
    });
  }

  add([...new Set(placed.flatMap(({ origins }) => origins))], {
    kind: 'static-pod-mount',
    component: 'kube-apiserver',
    name: 'bulwark',
    hostPath: paths.apiServer,
    mountPath: paths.apiServer,
    readOnly: true,
    pathType: 'Directory',
  });
  return placed;
}
