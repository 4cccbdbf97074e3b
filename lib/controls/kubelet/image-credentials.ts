import { control } from '../control';
import { cis, kubernetes, owasp } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/image-credentials',
  title: 'A pod may use a private image on the node only with credentials for it',
  why: 'A pod otherwise runs a private image that another pod pulled, without any right to it.',
  cost: 'This stands in for AlwaysPullImages, which would forbid images that are imported rather than pulled. Imported images themselves are open to every pod.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing'],
  sources: [cis('1.2.11'), owasp('K02'), kubernetes('KubeletEnsureSecretPulledImages')],
  stock: 'same',
  ...kubeletField('imagePullCredentialsVerificationPolicy', 'NeverVerifyPreloadedImages'),
});
