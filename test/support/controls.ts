import { assembleBundle, type Bundle } from '../../kubeadm';
import { type Control, control } from '../../lib/controls/control';
import { seed } from '../../lib/controls/sources';
import { resolve } from '../../lib/resolve';
import type { Setting } from '../../lib/settings/setting';
import { type ClusterSpecInput, clusterSpecSchema } from '../../lib/spec/cluster-spec';
import { inputs } from './bundle-inputs';
import { fileOf } from './rendered-node';
import { specInput } from './spec';

/** A control that only renders: for tests of what becomes of a setting. */
export function rendering(id: string, ...settings: readonly Setting[]): Control {
  return control({
    id,
    title: 'Renders settings',
    why: 'A test needs them.',
    cost: 'Nothing.',
    severity: 'low',
    threats: ['user'],
    stops: [],
    profiles: ['internet-facing', 'multi-team'],
    sources: [seed('000')],
    stock: 'same',
    settings: () => settings,
    checks: () => [],
  });
}

/** The bundle of the example cluster with these controls alone, and `changes` laid over its spec. */
export function bundleOf(controls: readonly Control[], changes: Partial<ClusterSpecInput> = {}): Bundle {
  return assembleBundle(resolve(clusterSpecSchema.parse(specInput(changes)), controls), inputs);
}

/** A file of a node's tree. @param node @default the control plane */
export function renderedFile(bundle: Bundle, path: string, node = 'cp-1'): string {
  return fileOf(bundle, `nodes/${node}/files${path}`);
}

/** Whether a node has a file. */
export function hasFile(bundle: Bundle, path: string, node = 'cp-1'): boolean {
  return bundle.has(`nodes/${node}/files${path}`);
}
