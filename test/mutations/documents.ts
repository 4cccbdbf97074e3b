import type { Mutation } from './mutation';
import { edit, until } from './scripts';

const directory = '/etc/kubernetes/bulwark/apiserver';

/** Ends the API server; the kubelet starts another, which reads its documents. */
const restart = `old=$(pgrep -of '^kube-apiserver ') && kill "$old" && ${until(`pgrep -f '^kube-apiserver ' | grep -qvx "$old"`)}`;

/** Edits a document that the API server reads. */
const edited = (
  control: string,
  what: string,
  file: string,
  expression: string,
  rest?: Partial<Mutation>,
): Mutation => ({
  control,
  what,
  on: 'control-plane',
  touches: 'kube-apiserver',
  script: `${edit(`${directory}/${file}`, expression)} && ${restart}`,
  ...rest,
});

/** Documents that the API server reads. */
export const documents: readonly Mutation[] = [
  edited(
    'kube-apiserver/anonymous-auth',
    'anonymous users read the version',
    'authentication/config.yaml',
    's|^\\( *\\)- path: /livez$|&\\n\\1- path: /version|',
  ),
  edited(
    'admission/pod-security',
    'Pod Security enforces nothing',
    'admission/config.yaml',
    's/enforce: restricted/enforce: privileged/',
    {
      seenOn: ['cluster'],
    },
  ),
  {
    control: 'audit/privilege-changes',
    what: 'changes of rights are not logged with their content',
    on: 'control-plane',
    touches: 'audit policy',
    script: edit(`${directory}/audit/policy.yaml`, 's|group: rbac.authorization.k8s.io|group: example.org|'),
  },
  edited(
    'secrets/encryption-at-rest',
    'what is written from now on is not encrypted',
    'encryption/config.yaml',
    's|^\\( *\\)- secretbox:$|\\1- identity: {}\\n&|',
    {
      // An empty change has an object stored again, by the provider that is now the first.
      kubectl: [
        { args: ['patch', 'configmap', 'cluster-info', '--namespace=kube-public', '--type=merge', '--patch={}'] },
      ],
    },
  ),
];
