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

/** Old versions, and CBC suites, which the Go default still accepts. */
export const oldTlsRefused = (scope: Scope, address: string): readonly Check<'tls'>[] => [
  tlsRefused({ scope, address, maximum: '1.1' }),
  tlsRefused({ scope, address, maximum: '1.2', ciphers: 'ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA' }),
];

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
    checks: () => [...oldTlsRefused(scope, address), processArg({ scope, process: component, name, value })],
  };
}

/** As kube-apiserver, kube-controller-manager and kube-scheduler name them. */
export const kubernetesTlsFlags = {
  versionFlag: ['tls-min-version', 'VersionTLS12'],
  ciphersFlag: 'tls-cipher-suites',
} as const;
