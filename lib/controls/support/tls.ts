import { type Check, processArg, tlsRefused } from '../../checks';
import type { Scope } from '../../checks/probe';
import type { ControlPlaneComponent, Setting } from '../../settings/setting';
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

/** Versions before 1.2 are turned down. */
export const oldVersionsRefused = (scope: Scope, address: string): Check<'tls'> =>
  tlsRefused({ scope, address, maximum: '1.1' });

/** CBC suites, which the Go default still accepts, are turned down. */
export const oldSuitesRefused = (scope: Scope, address: string): Check<'tls'> =>
  tlsRefused({ scope, address, maximum: '1.2', ciphers: 'ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA' });

interface ComponentTls {
  readonly component: ControlPlaneComponent;
  /** Where the component serves. */
  readonly address: string;
  readonly versionFlag: readonly [name: string, value: string];
  readonly ciphersFlag: string;
}

/** Settings and checks of one component's TLS versions and suites. Spread into a control. */
export function componentTls({ component, address, versionFlag: [name, value], ciphersFlag }: ComponentTls) {
  const scope = 'control-plane';
  return {
    settings: (): readonly Setting[] => [
      argument(component, name, value),
      argument(component, ciphersFlag, cipherSuites.join(',')),
    ],
    checks: () => [
      oldVersionsRefused(scope, address),
      // etcd answers the missing client certificate with the same alert as a missing suite: there it proves nothing.
      ...(component === 'etcd' ? [] : [oldSuitesRefused(scope, address)]),
      processArg({ scope, process: component, name, value }),
      processArg({ scope, process: component, name: ciphersFlag, value: cipherSuites.join(',') }),
    ],
  };
}

/** As kube-apiserver, kube-controller-manager and kube-scheduler name them. */
export const kubernetesTlsFlags = {
  versionFlag: ['tls-min-version', 'VersionTLS12'],
  ciphersFlag: 'tls-cipher-suites',
} as const;
