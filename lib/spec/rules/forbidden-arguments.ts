import type { Finding, Rule } from '../finding';

interface Forbidden {
  /** Why no cluster may run with it. */
  readonly why: string;
  /** Whether the value matters. @default every value is refused */
  readonly when?: (value: string) => boolean;
}

const names = (value: string): readonly string[] => value.split(',').map((name) => name.trim().toLowerCase());
const isFalse = (value: string): boolean => ['false', '0', 'f'].includes(value.trim().toLowerCase());
const isTrue = (value: string): boolean => ['true', '1', 't'].includes(value.trim().toLowerCase());
const plainHttp = (value: string): boolean => names(value).some((url) => url.startsWith('http://'));

const insecurePort: Forbidden = { why: 'a port without TLS and authentication gives the cluster away' };
const everybody: Forbidden = { why: 'requests nobody has identified must not pass', when: isTrue };
const staticSecrets: Forbidden = { why: 'passwords and tokens in a file never expire and cannot be revoked' };
const attributes: Forbidden = { why: 'ABAC rules cannot be audited or changed without a restart' };

const insecureServing: Readonly<Record<string, Forbidden>> = {
  address: insecurePort,
  port: insecurePort,
  'insecure-bind-address': insecurePort,
  'insecure-port': insecurePort,
  'authorization-always-allow-paths': {
    why: 'paths beside the health checks would be open to anybody',
    when: (value) => names(value).some((path) => !['/healthz', '/readyz', '/livez'].includes(path)),
  },
};

/** Settings that no waiver allows: with one of them, nothing else that is hardened matters. */
const forbidden: Readonly<Record<string, Readonly<Record<string, Forbidden>>>> = {
  'kube-apiserver': {
    ...insecureServing,
    'anonymous-auth': everybody,
    'authorization-mode': {
      why: 'AlwaysAllow and ABAC put everybody in charge of everything',
      when: (value) => names(value).some((mode) => mode === 'alwaysallow' || mode === 'abac'),
    },
    'authorization-policy-file': attributes,
    'authorization-config': { why: 'authorization is Node and RBAC; another chain could hold AlwaysAllow' },
    'basic-auth-file': staticSecrets,
    'token-auth-file': staticSecrets,
    'disable-admission-plugins': {
      why: 'these plugins are what Kubernetes itself relies on',
      when: (value) =>
        names(value).some((name) => ['noderestriction', 'podsecurity', 'validatingadmissionpolicy'].includes(name)),
    },
    'kubelet-https': { why: 'the API server must reach kubelets over TLS', when: isFalse },
  },
  'kube-controller-manager': insecureServing,
  'kube-scheduler': insecureServing,
  etcd: {
    'auto-tls': { why: 'certificates that nobody signed prove nothing', when: isTrue },
    'peer-auto-tls': { why: 'certificates that nobody signed prove nothing', when: isTrue },
    'client-cert-auth': { why: 'whoever reaches etcd owns the cluster', when: isFalse },
    'peer-client-cert-auth': { why: 'whoever joins etcd owns the cluster', when: isFalse },
    'listen-client-urls': { why: 'etcd must not listen without TLS', when: plainHttp },
    'listen-client-http-urls': { why: 'etcd must not listen without TLS', when: plainHttp },
    'listen-peer-urls': { why: 'etcd must not listen without TLS', when: plainHttp },
    'advertise-client-urls': { why: 'etcd must not be used without TLS', when: plainHttp },
  },
};

/** Refuses by name, with no waiver path, the arguments that open a cluster to everybody. */
export const forbiddenArguments: Rule = ({ extraArguments = {} }) =>
  Object.entries(extraArguments).flatMap(([component, chosen]) =>
    Object.entries(chosen ?? {}).flatMap(([name, value]): Finding[] => {
      const path = ['extraArguments', component, name];
      const bare = name.replace(/^-+/, '').replaceAll('_', '-');
      const rule = forbidden[component]?.[bare];
      const refused = rule && value !== undefined && (rule.when?.(value) ?? true);
      if (refused) {
        return [
          {
            level: 'weaker',
            code: 'SPEC_FORBIDDEN_ARGUMENT',
            path,
            message: `--${bare}${rule.when ? `=${value}` : ''} is refused: ${rule.why}`,
            got: value,
            fix: 'remove it; no waiver allows it',
          },
        ];
      }
      if (/^[a-z0-9-]+$/.test(name) && !name.startsWith('-')) return [];
      return [
        {
          code: 'SPEC_ARGUMENT_NAME',
          path,
          message: 'an argument is named without leading dashes, in lower case',
          got: name,
          allowed: bare,
          fix: `write ${bare}`,
        },
      ];
    }),
  );
