import { dryRunAccepted, dryRunRefused } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft } from '../sources';
import { plainPod, restrictedPod } from '../support/pods';

export default control({
  id: 'admission/image-pinning',
  title: 'Images are named by a version or a digest, never by latest',
  why: 'A name without a version is another image tomorrow, on each node at another time.',
  cost: '`latest` and names without a tag are refused. Other tags can still be moved: `images.pinning: digest` in the spec refuses them too.',
  severity: 'medium',
  threats: ['supply-chain', 'user'],
  stops: ['A46'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [microsoft('MS-M9005'), kubernetes('security-checklist: images')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'image-pinning' }],
  checks: () => [
    dryRunRefused({
      object: restrictedPod('default', 'bulwark-probe-latest', {}, { image: 'registry.k8s.io/pause:latest' }),
      what: 'a pod with an image called latest',
      reason: 'admission/image-pinning',
    }),
    dryRunAccepted({ object: plainPod('default'), what: 'the same pod with a digest' }),
  ],
});
