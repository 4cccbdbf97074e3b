import { kubeletConfig } from '../../checks';
import { imagesOf } from '../../release';
import { control } from '../control';
import { cis, kubernetes, owasp } from '../sources';
import { field } from '../support/kubelet';

const withoutTag = (reference: string) => reference.replace(/:[^:/]*$/, '');

export default control({
  id: 'kubelet/imported-image-credentials',
  title:
    'A pod needs credentials for every private image, imported ones too; only the images of the cluster itself are free',
  why: 'On a shared node an image that one team imported or pulled is otherwise there for all.',
  cost: 'This stands in for AlwaysPullImages. An image of your own that is imported onto nodes must also be in a registry that its pods may pull from.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['multi-team'],
  replaces: 'kubelet/image-credentials',
  sources: [cis('1.2.11'), owasp('K02'), kubernetes('KubeletEnsureSecretPulledImages')],
  stock: 'differs',
  settings: ({ release }) => [
    field('imagePullCredentialsVerificationPolicy', 'NeverVerifyAllowlistedImages'),
    field('preloadedImagesVerificationAllowlist', Object.values(imagesOf(release)).map(withoutTag).sort()),
  ],
  checks: (cluster) =>
    kubeletConfig(cluster, { path: 'imagePullCredentialsVerificationPolicy', value: 'NeverVerifyAllowlistedImages' }),
});
