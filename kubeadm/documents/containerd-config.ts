import { type Generator, originsOf } from '../plan/planning';
import { treeOf } from '../render/fields';
import { renderToml } from '../render/toml';

/** containerd's configuration, format 3. */
export const containerdConfigFile: Generator = ({ settings }) => {
  const fields = settings.of('containerd-field');
  const origins = originsOf(fields);
  return [
    {
      path: '/etc/containerd/config.toml',
      content: renderToml(treeOf({}, fields), origins),
      mode: '0600',
      restarts: ['containerd.service'],
      origins,
    },
  ];
};
