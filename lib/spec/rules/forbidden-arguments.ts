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
const staticSecrets: Forbidden = { why: 'passwords and tokens in a file never expire and cannot be revoked' };
const webhook: Forbidden = { why: 'who may do what is decided by Node and RBAC, and by no program elsewhere' };
const oidc: Forbidden = {
  why: 'issuers are named in authentication.oidc; the API server takes either the one or the other',
};
const lookups: Forbidden = { why: 'a program elsewhere would decide who somebody is' };
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

/** Whether `--runtime-config` switches on some alpha API, by version or wholesale. A name without a value is switched on. */
const alphaApi = (value: string): boolean =>
  names(value).some((entry) => {
    const [name = '', state = 'true'] = entry.split('=').map((part) => part.trim());
    return /(^api\/(all|alpha)|\/v\d+alpha\d+)(\/|$)/.test(name) && !isFalse(state);
  });

/**
 * Settings that no waiver allows: with one of them, a whole defence is gone or nothing else that is hardened matters.
 * A name that ends in `*` stands for all that begin with it.
 */
const forbidden: Readonly<Record<string, Readonly<Record<string, Forbidden>>>> = {
  'kube-apiserver': {
    ...insecureServing,
    'anonymous-auth': { why: 'anonymous requests reach the health paths only, as a document of ours says' },
    'authentication-token-webhook-*': lookups,
    'authorization-mode': {
      why: 'AlwaysAllow and ABAC put everybody in charge of everything',
      when: (value) => names(value).some((mode) => mode === 'alwaysallow' || mode === 'abac'),
    },
    'authorization-policy-file': attributes,
    'authorization-webhook-*': webhook,
    'authorization-config': { why: 'authorization is Node and RBAC; another chain could hold AlwaysAllow' },
    'basic-auth-file': staticSecrets,
    'token-auth-file': staticSecrets,
    'disable-admission-plugins': { why: 'every other rule stands on the plugins of the default set' },
    'kubelet-https': { why: 'the API server must reach kubelets over TLS', when: isFalse },
    'oidc-*': oidc,
    'runtime-config': { why: 'alpha APIs have had no security review', when: alphaApi },
    'service-account-lookup': { why: 'it is on by default, and the token of a deleted account must stop working' },
  },
  'kube-controller-manager': insecureServing,
  'kube-scheduler': insecureServing,
  etcd: {
    'auto-tls': { why: 'certificates that nobody signed prove nothing', when: isTrue },
    'peer-auto-tls': { why: 'certificates that nobody signed prove nothing', when: isTrue },
    'enable-pprof': { why: 'it shows memory contents, values of Secrets among them' },
    'client-cert-auth': { why: 'whoever reaches etcd owns the cluster', when: isFalse },
    'peer-client-cert-auth': { why: 'whoever joins etcd owns the cluster', when: isFalse },
    'listen-client-urls': { why: 'etcd must not listen without TLS', when: plainHttp },
    'listen-client-http-urls': { why: 'etcd must not listen without TLS', when: plainHttp },
    'listen-peer-urls': { why: 'etcd must not listen without TLS', when: plainHttp },
    'advertise-client-urls': { why: 'etcd must not be used without TLS', when: plainHttp },
  },
};

function ruleFor(component: string, name: string): Forbidden | undefined {
  const entries = Object.entries(forbidden[component] ?? {});
  return entries.find(([key]) => (key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : name === key))?.[1];
}

/** Refuses by name, with no waiver path, the arguments that open a cluster to everybody. */
export const forbiddenArguments: Rule = ({ extraArguments = {} }) =>
  Object.entries(extraArguments).flatMap(([component, chosen]) =>
    Object.entries(chosen ?? {}).flatMap(([name, value]): Finding[] => {
      const path = ['extraArguments', component, name];
      const bare = name.replace(/^-+/, '').replaceAll('_', '-');
      const rule = ruleFor(component, bare);
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
