import type { Finding, Rule } from '../finding';

const reserved = 'system:';

/** Whoever controls an issuer must never be able to name a Kubernetes component or `system:masters`. */
export const oidc: Rule = ({ authentication }) =>
  (authentication?.oidc ?? []).flatMap((issuer, index): Finding[] => {
    const at = (field: string) => ['authentication', 'oidc', index, field];
    const prefixes = (['usernamePrefix', 'groupsPrefix'] as const).flatMap((field): Finding[] => {
      const prefix = issuer?.[field];
      // A prefix that is itself a beginning of `system:` lets a claim supply the rest.
      if (prefix === undefined || !(prefix.startsWith(reserved) || reserved.startsWith(prefix))) return [];
      return [
        {
          code: 'SPEC_OIDC_SYSTEM_PREFIX',
          path: at(field),
          message: 'names that begin with `system:` belong to Kubernetes itself',
          got: prefix,
          allowed: 'a prefix of your own, such as `oidc:`',
          fix: 'choose another prefix',
        },
      ];
    });
    if (!issuer || (issuer.groupsClaim === undefined) === (issuer.groupsPrefix === undefined)) return prefixes;
    const missing = issuer.groupsPrefix === undefined ? 'groupsPrefix' : 'groupsClaim';
    return [
      ...prefixes,
      {
        code: 'SPEC_OIDC_GROUPS',
        path: at(missing),
        message: 'groupsClaim and groupsPrefix belong together: groups without a prefix could be `system:masters`',
        got: 'nothing',
        fix: `add ${missing}, or remove the other`,
      },
    ];
  });
