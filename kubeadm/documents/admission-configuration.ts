import { paths } from '../paths';
import { type Generator, type NodeFile, originsOf } from '../plan/planning';
import { renderYaml } from '../render/yaml';

/** AdmissionConfiguration: the configuration of each admission plugin that has one. */
export const admissionFile: Generator = ({ settings }, node): readonly NodeFile[] => {
  const plugins = settings.of('admission-plugin-configuration');
  if (node.role !== 'control-plane' || plugins.length === 0) return [];
  const document = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: plugins
      .map(({ setting }) => ({ name: setting.plugin, configuration: setting.configuration }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
  const origins = originsOf(plugins);
  return [
    {
      path: paths.admission,
      content: renderYaml([document], origins),
      mode: '0600',
      restarts: ['static-pod:kube-apiserver'],
      origins,
    },
  ];
};
