import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../apply/package-root';
import { synthPlatform } from '../constructs/platform';
import { assembleBundle, type Bundle } from '../kubeadm';
import type { Resolution } from '../lib/resolve';
import { verificationPrograms } from './verification-programs';

/** Renders the whole bundle: what the planner decides, the synthesized manifests and the programs of ours. */
export function makeBundle(resolution: Resolution): Bundle {
  const program = (name: string) => readFileSync(join(packageRoot(), 'ansible', 'files', name), 'utf8');
  return assembleBundle(resolution, {
    manifests: synthPlatform(resolution.cluster, resolution.settings.of('platform-feature'), resolution.controls),
    programs: {
      approver: { program: program('csr-approver.py'), unit: program('bulwark-csr-approver.service') },
      ...(resolution.cluster.spec.verification && { verification: verificationPrograms() }),
    },
  });
}
