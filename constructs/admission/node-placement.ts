import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { except, namespaceLevel, notAMirrorPod, podChanges, pods, podTemplates, podVariables } from './pod-makers';

export interface NodePlacementProps {
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/**
 * Keeps workloads off the control planes: they neither tolerate its taint nor name their node, which would pass by the
 * scheduler and every taint that says NoSchedule. Agents that must run everywhere need a namespace at level `privileged`.
 */
export class NodePlacement extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: NodePlacementProps) {
    super(scope, id, {
      name: 'bulwark-node-placement',
      resources: [pods, ...podTemplates],
      namespaceSelector: except(props.exempt),
      matchConditions: [notAMirrorPod, podChanges],
      variables: [
        ...podVariables,
        namespaceLevel('restricted'),
        {
          name: 'tolerated',
          expression: `variables.spec.?tolerations.orValue([]).filter(t, t.?key.orValue('') in ['', ${controlPlaneTaints}]).map(t, t.?key.orValue('') == '' ? 'every taint' : t.key)`,
        },
      ],
      validations: [
        {
          expression: "variables.level == 'privileged' || size(variables.tolerated) == 0",
          messageExpression: `'${props.control}: ' + variables.what + ' tolerates ' + variables.tolerated.join(', ') + ', which keeps workloads off the control planes. Leave the toleration out, or run node agents in a namespace at level privileged.'`,
        },
        {
          // A pod that runs has its node's name; only one that comes with it passed by the scheduler.
          expression:
            "variables.level == 'privileged' || (request.resource.resource == 'pods' && request.operation == 'UPDATE') || variables.spec.?nodeName.orValue('') == ''",
          messageExpression: `'${props.control}: ' + variables.what + ' names its node, ' + variables.spec.?nodeName.orValue('') + ', and passes by the scheduler and every taint. Use nodeSelector or affinity.'`,
        },
      ],
    });
  }
}

const controlPlaneTaints = "'node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'";
