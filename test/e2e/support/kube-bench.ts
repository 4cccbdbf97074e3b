import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LabMachines } from '../../../lab';
import { sshRoot } from './lab-target';
import { must } from './shell';

/** One line of kube-bench. */
export interface KubeBenchLine {
  readonly id: string;
  readonly result: 'PASS' | 'FAIL' | 'WARN' | 'INFO';
}

/** Where a package or a build of kube-bench lies on this computer: the program on PATH, its checks where it seeks them. */
export function findKubeBench(): { readonly program: string; readonly checks: string } | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const program = folders.map((folder) => join(folder, 'kube-bench')).find((path) => existsSync(path));
  const checks = process.env.KUBE_BENCH_CFG ?? '/etc/kube-bench/cfg';
  return program && existsSync(checks) ? { program, checks } : undefined;
}

/** Runs kube-bench's cis-1.12 on a machine of a lab, for the targets that concern it. Leaves nothing there. */
export async function runKubeBench(
  { program, checks }: { readonly program: string; readonly checks: string },
  machines: LabMachines,
  node: LabMachines['nodes'][number],
  kubeconfig: string,
): Promise<KubeBenchLine[]> {
  const folder = '/root/kube-bench';
  const container = `bulwark-${machines.name}-${node.name}`;
  const root = (script: string) => must(sshRoot(machines, node, script), { timeout: 180 });
  const targets = node.role === 'control-plane' ? 'master,etcd,controlplane,policies,node' : 'node';
  await root(`mkdir -m 0700 ${folder}`);
  try {
    await must(['podman', 'cp', program, `${container}:${folder}/kube-bench`]);
    await must(['podman', 'cp', checks, `${container}:${folder}/cfg`]);
    await must(['podman', 'cp', kubeconfig, `${container}:${folder}/kubeconfig`]);
    const run = `./kube-bench run --config-dir ./cfg --benchmark cis-1.12 --targets ${targets}`;
    const text = await root(`cd ${folder} && KUBECONFIG=${folder}/kubeconfig ${run}`);
    return [...text.matchAll(/^\[(PASS|FAIL|WARN|INFO)\] (\d+\.\d+\.\d+) /gm)].map(([, result, id]) => ({
      id: id ?? '',
      result: result as KubeBenchLine['result'],
    }));
  } finally {
    await root(`rm -rf ${folder}`);
  }
}
