import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactIndex } from '../../../apply/artifacts';
import { artifactsMount, type LabMachines, labStatus } from '../../../lab';
import type { Evidence } from '../../../lib/evidence';
import { bulwark, jsonOf } from './bulwark';
import { LabTarget, sshRoot } from './lab-target';
import { must } from './shell';
import { workDirectory } from './work-directory';

/** Two runs on one computer need different names: `BULWARK_E2E_LAB` gives another than `e2e`. */
const prefix = process.env.BULWARK_E2E_LAB ?? 'e2e';

/** The labs of a run. */
export const labs = {
  hardened: prefix,
  stock: `${prefix}-stock`,
  killed: `${prefix}-kill`,
  pulumi: `${prefix}-pulumi`,
  gateway: `${prefix}-gateway`,
};

/** Reference of the image that tests run pods from. */
export const testImage = 'bulwark.dev/test/busybox:1';

/** Reference of the image that stands in for those of the three-tier example. */
const threeTierImage = 'bulwark.dev/test/redis:7';

/** The same, pinned by digest. */
export async function redisImage(): Promise<string> {
  const { digest } = imageIn((await artifacts()).index, threeTierImage);
  return `${threeTierImage}@${digest}`;
}

/** Folder in which the command keeps a lab: spec, keys, state. */
export const labDirectory = (lab: string) => join(workDirectory, 'state/bulwark/labs', lab);

/** Spec of a lab's cluster, as `bulwark lab up` writes it. */
export const specOf = (lab: string) => join(labDirectory(lab), 'cluster.yaml');

/** What the command leaves on the operator's machine for a lab's cluster. */
export const stateOf = (lab: string) => join(labDirectory(lab), '.bulwark', lab);

/** Where the stock cluster's administrator has the kubeconfig. */
export const stockKubeconfig = join(workDirectory, 'stock.kubeconfig');

/** What `bulwark up --json` prints. */
export interface UpResult {
  readonly nodes: readonly { readonly name: string; readonly changed: number; readonly changes: readonly object[] }[];
  readonly kubeconfig: string;
  readonly evidence: Evidence;
  /** Nodes that were taken out of the cluster. */
  readonly removed?: { readonly nodes: readonly string[]; readonly forgotten: readonly string[] };
  /** With a preview: what did not hold before anything changed. */
  readonly drift?: Evidence['rows'];
}

/** A lab that must be running by now. */
export async function runningLab(name: string): Promise<LabMachines> {
  const lab = await labStatus(name);
  if (!lab) throw new Error(`lab ${name} is not there: an earlier test of this run did not bring it up`);
  return lab;
}

/** The artifacts that the labs run on; they are built by now. */
export async function artifacts(): Promise<{ readonly directory: string; readonly index: ArtifactIndex }> {
  const { directory } = jsonOf<{ directory: string }>(await bulwark(['artifacts', 'list', '--json']));
  return { directory, index: JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')) };
}

/** Rows of an evidence that are no proof: failed, broken, or unseen without a reason. */
export function unproven({ rows }: Evidence): string[] {
  return rows
    .filter(
      ({ verdict, explained }) =>
        verdict === 'fail' || verdict === 'error' || (verdict === 'not-observed' && !explained),
    )
    .map(({ control, where, verdict, observed }) => `${verdict} ${control} on ${where}: ${observed}`);
}

/** Observes and judges a lab's cluster with the user's own command. */
export async function verify(lab: string): Promise<Evidence> {
  return jsonOf<Evidence>(await bulwark(['verify', specOf(lab), '--json']));
}

/** The stock cluster, as its administrator. */
export async function stockTarget(): Promise<LabTarget> {
  const machines = await runningLab(labs.stock);
  const kubectl = join((await artifacts()).directory, 'bin/kubectl');
  const options = { machines, kubectl, kubeconfig: stockKubeconfig, image: testImage };
  return new LabTarget({ ...options, name: 'stock', otherNode: 'other' });
}

/** The hardened cluster, as the operator whom `bulwark up` gave a kubeconfig, with the test image on its nodes. */
export async function hardenedTarget(): Promise<LabTarget> {
  const machines = await runningLab(labs.hardened);
  const { directory, index } = await artifacts();
  const kubeconfig = join(stateOf(labs.hardened), 'kubeconfig');
  if (!existsSync(kubeconfig)) await bulwark(['kubeconfig', specOf(labs.hardened), '--json']);
  for (const reference of [testImage, threeTierImage]) {
    await Promise.all(machines.nodes.map((node) => importTestImage(machines, node, index, reference)));
  }
  const options = { machines, kubeconfig, kubectl: join(directory, 'bin/kubectl'), image: testImage };
  return new LabTarget({ ...options, name: 'hardened' });
}

/** Images are imported, not pulled: there is no registry in a lab. */
export async function importTestImage(
  machines: LabMachines,
  node: { readonly address: string },
  index: ArtifactIndex,
  reference = testImage,
): Promise<void> {
  const { file } = imageIn(index, reference);
  const script = `ctr -n k8s.io images ls -q | grep -qx '${reference}' || \
    ctr -n k8s.io images import --label io.cri-containerd.pinned=pinned ${artifactsMount}/${file}`;
  await must(sshRoot(machines, node, script));
}

function imageIn({ artifacts: all }: ArtifactIndex, reference: string) {
  const image = all.find((artifact) => artifact.kind === 'image' && artifact.reference === reference);
  if (image?.kind !== 'image')
    throw new Error(`the artifacts lack ${reference}; build them with \`bulwark artifacts build\``);
  return image;
}
