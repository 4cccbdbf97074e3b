import { type Check, processArg, tlsRefused } from '../../checks';
import type { Scope } from '../../checks/probe';
import type { ResolvedCluster } from '../../resolved-cluster';
import type { ControlPlaneComponent, Setting } from '../../settings/setting';
import { type ControlValue, wordValue } from '../value';
import { argument } from './arguments';

/**
 * Forward secrecy and authenticated encryption. The HTTP/2 server of Go does not start without one of the
 * AES_128_GCM_SHA256 suites. TLS 1.3 has suites of its own, which Go does not let anybody choose.
 */
export const cipherSuites = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
] as const;

export type TlsVersion = 'TLS 1.2' | 'TLS 1.3';

/** The oldest version that a control accepts. */
export const oldestVersion = (of: string): ControlValue<TlsVersion> =>
  wordValue({ of, what: 'oldest TLS version', usual: 'TLS 1.2', tighter: ['TLS 1.2', 'TLS 1.3'] });

/** Versions before the oldest that is accepted are turned down. */
export const oldVersionsRefused = (scope: Scope, address: string, oldest: TlsVersion = 'TLS 1.2'): Check<'tls'> =>
  tlsRefused({ scope, address, maximum: oldest === 'TLS 1.3' ? '1.2' : '1.1' });

/** CBC suites, which the Go default still accepts, are turned down. */
export const oldSuitesRefused = (scope: Scope, address: string): Check<'tls'> =>
  tlsRefused({ scope, address, maximum: '1.2', ciphers: 'ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA' });

interface ComponentTls {
  readonly component: ControlPlaneComponent;
  /** Where the component serves. */
  readonly address: string;
  /** Name of the flag, and what it is set to for each version that the component takes with a list of suites. */
  readonly versionFlag: { readonly name: string; readonly values: { readonly [Version in TlsVersion]?: string } };
  readonly ciphersFlag: string;
  /** What profiles may tighten. @default TLS 1.2, always */
  readonly value?: ControlValue<TlsVersion>;
}

/** Settings and checks of one component's TLS versions and suites. Spread into a control. */
export function componentTls({ component, address, versionFlag, ciphersFlag, value }: ComponentTls) {
  const scope = 'control-plane';
  const oldestOn = (cluster: ResolvedCluster): TlsVersion => value?.on(cluster) ?? 'TLS 1.2';
  const flagOn = (cluster: ResolvedCluster): string => versionFlag.values[oldestOn(cluster)] ?? '';
  return {
    ...(value && { value }),
    settings: (cluster: ResolvedCluster): readonly Setting[] => [
      argument(component, versionFlag.name, flagOn(cluster)),
      argument(component, ciphersFlag, cipherSuites.join(',')),
    ],
    checks: (cluster: ResolvedCluster) => [
      oldVersionsRefused(scope, address, oldestOn(cluster)),
      // etcd answers the missing client certificate with the same alert as a missing suite: there it proves nothing.
      ...(component === 'etcd' ? [] : [oldSuitesRefused(scope, address)]),
      processArg({ scope, process: component, name: versionFlag.name, value: flagOn(cluster) }),
      processArg({ scope, process: component, name: ciphersFlag, value: cipherSuites.join(',') }),
    ],
  };
}

/** As kube-apiserver, kube-controller-manager and kube-scheduler name them. */
export const kubernetesTlsFlags = {
  versionFlag: { name: 'tls-min-version', values: { 'TLS 1.2': 'VersionTLS12', 'TLS 1.3': 'VersionTLS13' } },
  ciphersFlag: 'tls-cipher-suites',
} as const;
