import { paths } from '../paths';
import { type Generator, type NodeFile, originsOf } from '../plan/planning';
import { slot } from '../render/slot';
import { renderYaml } from '../render/yaml';

/** EncryptionConfiguration: what etcd never sees in plain text. The key is a slot that is filled on the node. */
export const encryptionFile: Generator = ({ settings }, node): readonly NodeFile[] => {
  const resources = settings.of('encrypted-resource');
  if (node.role !== 'control-plane' || resources.length === 0) return [];
  const document = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    // One block: scanners read the line below the last `providers:` and must find the provider that writes.
    resources: [
      {
        resources: resources.map(({ setting }) => setting.resource).sort(),
        providers: [
          { secretbox: { keys: [{ name: 'key1', secret: slot('encryption-key:secretbox') }] } },
          // Reads objects written before their kind was listed here; never writes.
          { identity: {} },
        ],
      },
    ],
  };
  const reloads = settings
    .of('component-arg')
    .some(({ setting }) => setting.name === 'encryption-provider-config-automatic-reload' && setting.value === 'true');
  const origins = originsOf(resources);
  return [
    {
      path: paths.encryption,
      content: renderYaml([document], origins),
      mode: '0600',
      restarts: reloads ? [] : ['static-pod:kube-apiserver'],
      origins,
    },
  ];
};
