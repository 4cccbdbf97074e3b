import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../apply/package-root';
import { synthPlatform } from '../constructs/platform';
import { assembleBundle, type Bundle, writeBundle } from '../kubeadm';
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

/** Digest of the bundle's manifest, which holds those of all its files. Hexadecimal. */
export function bundleDigest(bundle: Bundle): string {
  return createHash('sha256')
    .update(bundle.get('manifest.json') ?? '')
    .digest('hex');
}

/** Writes the bundle below the cluster's directory and returns where. */
export function layBundle(bundle: Bundle, stateDirectory: string): string {
  const directory = join(stateDirectory, 'bundle');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  writeBundle(bundle, directory);
  return directory;
}
