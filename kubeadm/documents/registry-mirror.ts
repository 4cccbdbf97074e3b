import { paths } from '../paths';
import type { Generator, NodeFile } from '../plan/planning';
import { renderToml } from '../render/toml';

const origins = ['spec:registry'];

/** The registry mirror, for every registry; containerd reads these files at each pull. */
export const registryMirrorFiles: Generator = ({ cluster }): readonly NodeFile[] => {
  const { registry } = cluster.spec;
  if (!registry) return [];
  const directory = `${paths.registryHosts}/_default`;
  const authority = `${directory}/mirror-ca.crt`;
  const host = {
    capabilities: ['pull', 'resolve'],
    ...(registry.certificateAuthority !== undefined && { ca: authority }),
  };
  const files: NodeFile[] = [
    {
      path: `${directory}/hosts.toml`,
      content: renderToml({ host: { [registry.mirror]: host } }, origins),
      mode: '0644',
      restarts: [],
      origins,
    },
  ];
  if (registry.certificateAuthority !== undefined) {
    const content = `${registry.certificateAuthority.trimEnd()}\n`;
    files.push({ path: authority, content, mode: '0644', restarts: [], origins });
  }
  return files;
};
