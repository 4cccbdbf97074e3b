import { at, dryRunAccepted, dryRunRefused, objectsAll } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, microsoft, owasp } from '../sources';
import { plainPod, restrictedPod } from '../support/pods';

export default control({
  id: 'admission/image-registries',
  title: 'Images come from allowed registries only',
  why: 'An image of a stranger runs with everything that its pod may do; a name typed wrong is enough.',
  cost: 'With no registry in the spec (`images.registries`) any will do; only tenants are then held to a list, their own. A name is judged, not what lies behind it: signatures are not verified.',
  severity: 'high',
  threats: ['supply-chain', 'user'],
  stops: ['A46'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('5.5.1'), microsoft('MS-M9005'), owasp('K07'), kubernetes('security-checklist: images')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'image-registries' }],
  checks: ({ spec }) => [
    objectsAll({
      resource: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
      name: 'bulwark-image-registries',
      keep: ['spec.validationActions'],
      holds: (binding) => JSON.stringify(at(binding, 'spec.validationActions') ?? []).includes('Deny'),
      expected: 'the policy on registries is bound and denies',
    }),
    ...spec.tenants.map(({ name }) =>
      objectsAll({
        resource: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
        name: `bulwark-tenant-${name}-images`,
        keep: ['spec.validationActions'],
        holds: (binding) => JSON.stringify(at(binding, 'spec.validationActions') ?? []).includes('Deny'),
        expected: `the policy on the registries of tenant ${name} is bound and denies`,
      }),
    ),
    ...(spec.images.registries.length > 0
      ? [
          dryRunRefused({
            object: restrictedPod('default', 'bulwark-probe-registry', {}, { image: 'registry.invalid/stranger:1' }),
            what: 'a pod with an image of a registry that is not allowed',
            reason: 'admission/image-registries',
          }),
          dryRunAccepted({ object: plainPod('default'), what: 'the same pod with an allowed image' }),
        ]
      : []),
  ],
});
