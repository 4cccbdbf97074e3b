import { type Generator, type NodeFile, originsOf } from '../plan/planning';
import { comment } from '../render/comment';

/** The sysctl file, for the next boot; the values are also set at once from the node's plan. */
export const sysctlFile: Generator = ({ settings }): readonly NodeFile[] => {
  const sysctls = settings.of('sysctl');
  const origins = originsOf(sysctls);
  const lines = sysctls.map(({ setting: { name, value } }) => `${name} = ${value}\n`).sort();
  return [
    {
      // Sorts after the files of the distribution, so that its values do not win.
      path: '/etc/sysctl.d/99-zz-bulwark.conf',
      content: comment(origins) + lines.join(''),
      mode: '0644',
      restarts: [],
      origins,
    },
  ];
};

/** Kernel modules that are loaded at boot, and those that nothing may load. */
export const moduleFiles: Generator = ({ settings }): readonly NodeFile[] => {
  const modules = settings.of('kernel-module');
  const loaded = modules.filter(({ setting }) => setting.state === 'loaded');
  const blocked = modules.filter(({ setting }) => setting.state === 'blocked');
  const file = (path: string, content: string, origins: readonly string[]): NodeFile => ({
    path,
    content: comment(origins) + content,
    mode: '0644',
    restarts: [],
    origins,
  });
  const files: NodeFile[] = [];
  if (loaded.length > 0) {
    const lines = loaded.map(({ setting }) => `${setting.name}\n`).sort();
    files.push(file('/etc/modules-load.d/bulwark.conf', lines.join(''), originsOf(loaded)));
  }
  if (blocked.length > 0) {
    // `blacklist` alone stops only loading by alias; `install` also stops a modprobe by name.
    const lines = blocked.map(({ setting: { name } }) => `blacklist ${name}\ninstall ${name} /bin/false\n`).sort();
    files.push(file('/etc/modprobe.d/bulwark.conf', lines.join(''), originsOf(blocked)));
  }
  return files;
};
