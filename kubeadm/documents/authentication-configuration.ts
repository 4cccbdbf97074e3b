import type { ClusterSpec } from '../../lib/spec/cluster-spec';
import { paths } from '../paths';
import { type Generator, type NodeFile, originsOf } from '../plan/planning';
import { renderYaml } from '../render/yaml';

type Issuer = ClusterSpec['authentication']['oidc'][number];

function jwt(issuer: Issuer) {
  return {
    issuer: {
      url: issuer.issuerUrl,
      audiences: issuer.audiences,
      // Needed by the API server as soon as there is more than one audience.
      ...(issuer.audiences.length > 1 && { audienceMatchPolicy: 'MatchAny' }),
      ...(issuer.certificateAuthority !== undefined && { certificateAuthority: issuer.certificateAuthority }),
    },
    claimMappings: {
      username: { claim: issuer.usernameClaim, prefix: issuer.usernamePrefix },
      ...(issuer.groupsClaim !== undefined && {
        groups: { claim: issuer.groupsClaim, prefix: issuer.groupsPrefix ?? issuer.usernamePrefix },
      }),
    },
    // A token must never become one of Kubernetes' own identities, whatever the prefixes are.
    userValidationRules: [
      { expression: "!user.username.startsWith('system:')", message: 'user names may not begin with system:' },
      {
        expression: "user.groups.all(group, !group.startsWith('system:'))",
        message: 'group names may not begin with system:',
      },
    ],
  };
}

/** AuthenticationConfiguration: the paths that need no credential, and the OIDC issuers. */
export const authenticationFile: Generator = ({ cluster, settings }, node): readonly NodeFile[] => {
  const anonymous = settings.of('anonymous-path');
  const issuers = cluster.spec.authentication.oidc;
  if (node.role !== 'control-plane' || anonymous.length + issuers.length === 0) return [];
  const document = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    ...(anonymous.length > 0 && {
      anonymous: { enabled: true, conditions: anonymous.map(({ setting }) => ({ path: setting.path })) },
    }),
    ...(issuers.length > 0 && { jwt: issuers.map(jwt) }),
  };
  const origins = [...originsOf(anonymous), ...(issuers.length > 0 ? ['spec:authentication.oidc'] : [])];
  return [
    {
      path: paths.authentication,
      content: renderYaml([document], origins),
      mode: '0600',
      // Issuers are reloaded while the API server runs; the anonymous section is read at its start only.
      restarts: ['static-pod:kube-apiserver'],
      origins,
    },
  ];
};
