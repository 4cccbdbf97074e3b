import { createHash } from 'node:crypto';
import type { Resolution } from '../../lib/resolve';
import { planCluster } from '../plan/plan-cluster';
import type { NodePrograms, Planning } from '../plan/planning';
import { canonicalJson } from '../render/json';
import { slotsOf } from '../render/slot';
import { renderYaml } from '../render/yaml';
import { inventory, knownHostLines } from './inventory';

/** Version of the bundle's layout. */
export const bundleSchema = 1;

/** A bundle in memory: content by path, in path order. Holds no secret. */
export type Bundle = ReadonlyMap<string, string>;

/** What the caller adds, because planning does no I/O and imports no constructs. */
export interface BundleInputs {
  /** Kubernetes objects by file name, `NN-name.k8s.yaml`; applied in name order. */
  readonly manifests: Readonly<Record<string, string>>;
  readonly programs: NodePrograms;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Renders the whole bundle. The same resolution and inputs give the same bytes.
 *
 * @throws HardeningError as `planCluster` does
 */
export function assembleBundle(resolution: Resolution, inputs: BundleInputs): Bundle {
  const { planning, nodes } = planCluster(resolution, inputs.programs);
  const { cluster } = planning;
  const files = new Map<string, string>();
  /** Who shaped a file, for the manifest. */
  const origins = new Map<string, readonly string[]>();

  const spec = canonicalJson(cluster.spec);
  files.set('spec.json', spec);
  files.set('inventory.yaml', inventory(cluster));
  files.set('known_hosts', knownHostLines(cluster));
  files.set('absent.yaml', absentObjects(planning));
  files.set('checks.json', canonicalJson(planning.probes));
  for (const [name, content] of Object.entries(inputs.manifests)) files.set(`manifests/${name}`, content);
  for (const [name, node] of nodes) {
    files.set(`nodes/${name}/host.yaml`, renderYaml([node.plan], []));
    for (const file of node.files) {
      const path = `nodes/${name}/files${file.path}`;
      files.set(path, file.content);
      origins.set(path, file.origins);
    }
  }
  files.set('secrets.required.json', requiredSecrets(files));

  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest = canonicalJson({
    schema: bundleSchema,
    cluster: cluster.spec.name,
    specDigest: sha256(spec),
    release: cluster.release,
    controls: resolution.controls.map(({ id }) => id),
    files: Object.fromEntries(
      sorted.map(([path, content]) => [path, { sha256: sha256(content), controls: origins.get(path) ?? [] }]),
    ),
  });
  return new Map([['manifest.json', manifest], ...sorted]);
}

function absentObjects({ settings }: Planning): string {
  const absent = settings.of('absent-object');
  const objects = absent.map(({ setting: { apiVersion, objectKind, namespace, name }, origins }) => ({
    apiVersion,
    kind: objectKind,
    ...(namespace !== undefined && { namespace }),
    name,
    controls: origins,
  }));
  return renderYaml(
    [objects],
    absent.flatMap(({ origins }) => origins),
  );
}

/** The names of the slots, and the files of the nodes that carry each. Values are made when the bundle is applied. */
function requiredSecrets(files: ReadonlyMap<string, string>): string {
  const slots: Record<string, Record<string, string[]>> = {};
  for (const [path, content] of files) {
    const [, node, file] = /^nodes\/([^/]+)\/files(\/.*)$/.exec(path) ?? [];
    if (node === undefined || file === undefined) continue;
    for (const slot of slotsOf(content)) {
      slots[slot] ??= {};
      slots[slot][node] = [...(slots[slot][node] ?? []), file];
    }
  }
  return canonicalJson({ slots });
}
