import { paths } from '../paths';
import { type Generator, type NodeFile, originsOf } from '../plan/planning';
import { renderYaml } from '../render/yaml';

/** The audit policy: the rules of all controls in their order, first match wins. */
export const auditPolicyFile: Generator = ({ settings }, node): readonly NodeFile[] => {
  const rules = settings.of('audit-rule');
  if (node.role !== 'control-plane' || rules.length === 0) return [];
  const document = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    // Each request is logged once, when its outcome is known.
    omitStages: ['RequestReceived'],
    omitManagedFields: true,
    // The sort is stable: rules of one order keep the order of their controls.
    rules: [...rules].sort((a, b) => a.setting.order - b.setting.order).map(({ setting }) => setting.rule),
  };
  const origins = originsOf(rules);
  return [
    {
      path: paths.audit,
      content: renderYaml([document], origins),
      mode: '0600',
      restarts: ['static-pod:kube-apiserver'],
      origins,
    },
  ];
};
