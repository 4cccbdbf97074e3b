import { HardeningError, type Issue } from '../../lib/errors';
import type { ControlPlaneComponent } from '../../lib/settings/setting';
import { paths } from '../paths';
import type { PlannedNode } from './host-plan';
import type { Planning } from './planning';

const certificates = [
  '/etc/kubernetes/pki',
  '/etc/ca-certificates',
  '/etc/ssl/certs',
  '/usr/local/share/ca-certificates',
  '/usr/share/ca-certificates',
];

/** What kubeadm mounts into each static pod. */
const kubeadmMounts: Readonly<Record<ControlPlaneComponent, readonly string[]>> = {
  'kube-apiserver': certificates,
  'kube-controller-manager': [...certificates, '/etc/kubernetes/controller-manager.conf'],
  'kube-scheduler': ['/etc/kubernetes/scheduler.conf'],
  etcd: ['/etc/kubernetes/pki/etcd', '/var/lib/etcd'],
};

/** Arguments whose values begin with a slash and are URL paths. */
const urlPaths: readonly string[] = ['authorization-always-allow-paths'];

const isBelow = (path: string, directory: string) => path === directory || path.startsWith(`${directory}/`);

/**
 * A static pod whose argument names a file that it cannot see does not start, and takes the cluster down with it. So
 * every path in an argument must lie in a mounted directory, every file of ours in the tree, and every mounted
 * directory must exist before the pod.
 *
 * @throws HardeningError of kind `spec` naming each argument or mount at fault
 */
export function checkMountedFiles({ settings }: Planning, controlPlanes: readonly PlannedNode[]): void {
  const mounts = settings.of('static-pod-mount');
  const issues: Issue[] = [];

  for (const { setting, origins } of settings.of('component-arg')) {
    const { component, name, value } = setting;
    if (!value.startsWith('/') || urlPaths.includes(name)) continue;
    const own = mounts.filter(({ setting: mount }) => mount.component === component);
    const visible = [...kubeadmMounts[component], ...own.map(({ setting: mount }) => mount.mountPath)];
    const issue = { path: `${component} --${name}`, got: value, control: origins[0] };
    if (!visible.some((directory) => isBelow(value, directory))) {
      issues.push({
        ...issue,
        code: 'ARGUMENT_NOT_MOUNTED',
        message: `the static pod does not see this path (${origins.join(', ')})`,
        allowed: visible.join(', '),
        fix: 'name a path in a mounted directory',
      });
    } else if (
      isBelow(value, paths.root) &&
      controlPlanes.some(({ files }) => !files.some(({ path }) => path === value))
    ) {
      issues.push({
        ...issue,
        code: 'ARGUMENT_FILE_MISSING',
        message: `no control of this cluster renders this file (${origins.join(', ')})`,
        fix: 'activate the control that renders the file',
      });
    }
  }

  for (const { setting, origins } of mounts) {
    const issue = { path: `${setting.component} mount ${setting.name}`, got: setting.hostPath, control: origins[0] };
    const exists = ({ plan, files }: PlannedNode) =>
      kubeadmMounts[setting.component].some((directory) => isBelow(setting.hostPath, directory)) ||
      plan.directories.some(({ path }) => path === setting.hostPath) ||
      files.some(({ path }) => path === setting.hostPath);
    if (setting.pathType !== 'DirectoryOrCreate' && !controlPlanes.every(exists)) {
      issues.push({
        ...issue,
        code: 'MOUNT_MISSING',
        message: `nothing makes this path before the static pod starts (${origins.join(', ')})`,
        fix: 'add a directory setting to the control',
      });
    }
  }
  if (issues.length > 0) throw new HardeningError('spec', issues);
}
