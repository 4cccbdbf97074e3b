import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../../fields';
import { comesFrom, fullImageName } from '../../image-name';
import { namespaceNameLabel } from '../../network-policy/labels';
import { readPod } from '../../pod-security/pod';
import type { ManifestSet, SetFault, SetRule } from '../rule';
import { imagesOf } from './images';

/** Variable of an admission policy that holds the registries it lets in, as a list: the cluster judges by it, and so do we. */
export const registriesVariable = 'registries';

/** Where images may come from, by the admission policies among the objects: of the cluster, or of a tenant. */
export const registryRules: readonly SetRule[] = [
  {
    control: 'images/registries',
    severity: 'error',
    why: 'An image of a stranger runs with everything that its pod may do; a name typed wrong is enough.',
    fix: 'push the image to a registry that is allowed, and name it in full',
    judge: (set) => policiesIn(set).flatMap((policy) => faultsOf(policy, set)),
  },
];

interface RegistryPolicy {
  readonly name: string;
  readonly registries: readonly string[];
  readonly covers: (namespace: string) => boolean;
}

function policiesIn({ objects }: ManifestSet): readonly RegistryPolicy[] {
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  const bindings = ofKind('ValidatingAdmissionPolicyBinding').map(({ spec }) => fieldsOf(spec));
  return ofKind('ValidatingAdmissionPolicy').flatMap(({ metadata, spec }) => {
    const registries = registriesOf(fieldsOf(spec));
    if (registries.length === 0) return [];
    const name = textOf(fieldsOf(metadata).name);
    return bindings
      .filter(({ policyName, validationActions }) => policyName === name && textsOf(validationActions).includes('Deny'))
      .map((binding) => ({ name, registries, covers: (namespace) => selectsNamespace(binding, namespace) }));
  });
}

function registriesOf({ variables }: Fields): readonly string[] {
  const variable = itemsOf(variables)
    .map(fieldsOf)
    .find(({ name }) => name === registriesVariable);
  try {
    return textsOf(JSON.parse(textOf(variable?.expression) || '[]'));
  } catch {
    // Somebody else's policy, whose variable has this name by chance.
    return [];
  }
}

/** By the name of the namespace, as our own policies select. */
function selectsNamespace({ matchResources }: Fields, namespace: string): boolean {
  const { matchExpressions } = fieldsOf(fieldsOf(matchResources).namespaceSelector);
  return itemsOf(matchExpressions)
    .map(fieldsOf)
    .filter(({ key }) => key === namespaceNameLabel)
    .every(({ operator, values }) => (operator === 'NotIn') !== textsOf(values).includes(namespace));
}

function faultsOf({ name, registries, covers }: RegistryPolicy, { network }: ManifestSet): readonly SetFault[] {
  return network.workloads.all
    .filter(({ namespace }) => covers(namespace))
    .flatMap(({ source, pod: { metadata, spec, path } }) =>
      imagesOf(readPod(metadata, spec))
        .map(({ image, path: at }) => ({ image: fullImageName(image), at: `${path}.${at}` }))
        .filter(({ image }) => !registries.some((registry) => comesFrom(registry, image)))
        .map(({ image, at }) => ({
          object: source,
          path: at,
          message: `${image} is refused by ${name}: images come from ${registries.join(', ')} only`,
        })),
    );
}
