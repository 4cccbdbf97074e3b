import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Fields, fieldsOf, itemsOf, textOf } from '../../../lib/fields';
import type { Target } from '../../attacks/attack';
import { restrictedPod } from '../../attacks/pod-specs';
import { must } from './shell';

const root = join(__dirname, '../../..');
const example = join(root, 'examples/three-tier');

/** Namespaces that the example lives among: its own, the ingress controller's, and that of somebody who borrows its labels. */
export const places = { shop: 'shop', ingress: 'ingress', borrower: 'borrower' } as const;

const password = 'three-tiers-on-the-lab';

/** Reads a request to its end, then answers what `body` prints. */
const answering = (body: string): string => `trap 'exit 0' TERM
nc -ll -p 8080 -e /bin/sh -c '
read -r method path version
while read -r header && [ "\${#header}" -gt 1 ]; do :; done
printf "HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\n"
${body}' &
wait`;

/** What stands in for the programs of the images that the example names: the backend counts in Redis, the frontend shows it. */
const programs: Readonly<Record<string, string>> = {
  'shop-backend': answering(`case "$path" in
/visits) { printf "AUTH %s\\r\\nINCR visits\\r\\nQUIT\\r\\n" "$(cat "$REDIS_PASSWORD_FILE")"; sleep 1; } |
  nc -w 3 "$REDIS_HOST" 6379 | grep "^:";;
*) echo ok;;
esac`),
  'shop-frontend': answering(`case "$path" in
/visits) host="\${BACKEND#http://}"
  printf "GET /visits HTTP/1.0\\r\\n\\r\\n" | nc -w 9 "\${host%:*}" "\${host#*:}" | grep "^:";;
*) echo ok;;
esac`),
};

/** The example's objects as `cdk8s synth` gives them to its user, with images of ours. */
export async function synthesizeExample(image: string): Promise<readonly Fields[]> {
  const folder = mkdtempSync(join(tmpdir(), 'three-tiers-'));
  try {
    for (const file of readdirSync(example)) copyFileSync(join(example, file), join(folder, file));
    writeFileSync(join(folder, 'images.json'), JSON.stringify({ frontend: image, backend: image, redis: image }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/bulwark'));
    for (const name of ['cdk8s', 'cdk8s-plus-27', 'constructs']) {
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    const bin = join(root, 'node_modules/.bin');
    const environment = { PATH: `${bin}:${process.env.PATH}`, CDK8S_CHECK_UPGRADE: 'false' };
    await must([join(bin, 'cdk8s'), 'synth'], { directory: folder, environment });
    const manifests = join(folder, 'manifests');
    const files = readdirSync(manifests).filter((file) => file.endsWith('.yaml'));
    return files.sort().flatMap((file) => {
      const documents = parseAllDocuments(readFileSync(join(manifests, file), 'utf8'));
      return documents.map((document) => document.toJS() as Fields);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A lab has no registry to pull from, its machines map no ids of volumes, and the images that the example names do not exist. */
function onLab(object: Fields): Fields {
  const spec = fieldsOf(object.spec);
  const template = fieldsOf(spec.template);
  const pod = fieldsOf(template.spec);
  if (itemsOf(pod.containers).length === 0) return object;
  const program = programs[textOf(fieldsOf(object.metadata).name)];
  const containers = itemsOf(pod.containers).map((container) => ({
    ...fieldsOf(container),
    imagePullPolicy: 'IfNotPresent',
    ...(program && { command: ['/bin/sh', '-c', program] }),
  }));
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, hostUsers: true, containers } } } };
}

const labelsOfTier = (objects: readonly Fields[], name: string): Readonly<Record<string, string>> => {
  const workload = objects.find(({ kind, metadata }) => kind === 'Deployment' && fieldsOf(metadata).name === name);
  const labels = fieldsOf(fieldsOf(fieldsOf(fieldsOf(workload?.spec).template).metadata).labels);
  return labels as Readonly<Record<string, string>>;
};

const openNamespace = (namespace: string, direction: 'egress' | 'ingress') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'open', namespace },
  spec: { podSelector: {}, policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'], [direction]: [{}] },
});

/** Puts the example onto the cluster, with an ingress controller's pod before it and borrowers beside it, and waits for it. */
export async function startExample(target: Target, image: string): Promise<void> {
  const objects = await synthesizeExample(image);
  const borrowed = ['frontend', 'backend'].map((tier) =>
    restrictedPod({
      name: tier,
      namespace: places.borrower,
      image: target.image,
      node: target.victim.name,
      labels: labelsOfTier(objects, `shop-${tier}`),
    }),
  );
  const around = [
    ...[places.ingress, places.borrower].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    // What leaves these is open, so that whatever is refused is refused by the shop.
    openNamespace(places.ingress, 'egress'),
    openNamespace(places.borrower, 'egress'),
  ];
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'redis', namespace: places.shop },
    stringData: { password, 'redis.conf': `requirepass ${password}\ndir /data\n` },
  };
  const namespaces = [...objects, ...around].filter(({ kind }) => kind === 'Namespace');
  await apply(target, namespaces);
  for (const name of Object.values(places)) {
    await wait(target, name, ['--for=create', 'serviceaccount/default']);
  }
  const controller = restrictedPod({ name: 'controller', namespace: places.ingress, image: target.image });
  await apply(target, [...around, secret, ...objects.map(onLab), controller, ...borrowed]);
  await wait(target, places.ingress, ['--for=condition=Ready', 'pod/controller']);
  await wait(target, places.borrower, ['--for=condition=Ready', 'pod/frontend', 'pod/backend']);
  for (const tier of ['statefulset/shop-redis', 'deployment/shop-backend', 'deployment/shop-frontend']) {
    await done(target, ['rollout', 'status', '-n', places.shop, tier, '--timeout=120s']);
  }
}

/** Takes all of it off the cluster again. */
export async function stopExample(target: Target): Promise<void> {
  const names = Object.values(places);
  await done(target, ['delete', 'namespace', ...names, '--ignore-not-found', '--timeout=120s']);
}

/** One pod of a tier: on the node that strangers stand beside, where there is one. */
export async function podOfTier(
  target: Target,
  tier: string,
): Promise<{ readonly name: string; readonly address: string }> {
  const list = JSON.parse(await done(target, ['get', 'pods', '-n', places.shop, '-o', 'json']));
  const pods = (list.items as readonly Fields[])
    .map(({ metadata, spec, status }) => ({
      name: textOf(fieldsOf(metadata).name),
      node: fieldsOf(spec).nodeName,
      address: textOf(fieldsOf(status).podIP),
    }))
    .filter(({ name }) => name.startsWith(`shop-${tier}-`));
  const pod = pods.find(({ node }) => node === target.victim.name) ?? pods[0];
  if (!pod) throw new Error(`no pod of the tier ${tier}`);
  return pod;
}

const apply = (target: Target, items: readonly object[]): Promise<string> =>
  done(target, ['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

const wait = (target: Target, namespace: string, what: readonly string[]): Promise<string> =>
  done(target, ['wait', '-n', namespace, ...what, '--timeout=120s']);

async function done(target: Target, args: readonly string[], stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await target.kubectl(args, { stdin });
  if (code !== 0) throw new Error(`kubectl ${args.slice(0, 4).join(' ')}: ${stderr || stdout}`);
  return stdout;
}
