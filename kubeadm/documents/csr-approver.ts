import { paths } from '../paths';
import { forRole, type Generator, type NodeFile, originsOf } from '../plan/planning';
import { canonicalJson } from '../render/json';

/** The service that approves kubelet certificates, with the list of what each node may ask for. */
export const csrApproverFiles: Generator = ({ cluster, settings, programs }, node): readonly NodeFile[] => {
  const service = forRole(
    settings.of('node-service').filter(({ setting }) => setting.service === 'csr-approver'),
    node.role,
  );
  if (service.length === 0) return [];
  const nodes = cluster.spec.nodes.map(({ name, address }) => [name, { addresses: [address], names: [name] }]);
  const file = (path: string, content: string, mode: string): NodeFile => ({
    path,
    content,
    mode,
    restarts: ['bulwark-csr-approver.service'],
    origins: originsOf(service),
  });
  return [
    file(paths.approverNodes, canonicalJson(Object.fromEntries(nodes)), '0600'),
    file('/usr/local/lib/bulwark/csr-approver.py', programs.approver.program, '0755'),
    file('/etc/systemd/system/bulwark-csr-approver.service', programs.approver.unit, '0644'),
  ];
};
