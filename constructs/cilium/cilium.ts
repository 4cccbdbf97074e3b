import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CiliumAgent, ciliumAgentPod } from './cilium-agent';
import { type CiliumConfigProps, ciliumConfig, configDigest } from './cilium-config';
import { CiliumOperator, ciliumOperatorPod } from './cilium-operator';
import { CiliumRoles } from './cilium-roles';

export interface CiliumProps extends CiliumConfigProps {
  readonly agentImage: string;
  readonly operatorImage: string;
  readonly apiServer: { readonly host: string; readonly port: number };
  /** Operators that run at a time. */
  readonly operators: number;
}

/** Cilium as the cluster's network: agent, operator, their configuration and rights. */
export class Cilium extends Construct {
  constructor(scope: Construct, id: string, props: CiliumProps) {
    super(scope, id);
    const { agent, operator } = workloads(props);
    new CiliumRoles(this, 'roles');
    new k8s.KubeConfigMap(this, 'config', {
      metadata: { name: 'cilium-config', namespace: 'kube-system' },
      data: ciliumConfig(props),
    });
    new CiliumOperator(this, 'operator', operator);
    new CiliumAgent(this, 'agent', agent);
  }
}

/** The pods of Cilium, for the guard of exempt namespaces. */
export function ciliumPods(props: CiliumProps): readonly k8s.PodSpec[] {
  const { agent, operator } = workloads(props);
  return [ciliumAgentPod(agent), ciliumOperatorPod(operator)];
}

function workloads(props: CiliumProps) {
  const shared = { apiServer: props.apiServer, configDigest: configDigest(ciliumConfig(props)) };
  return {
    agent: { ...shared, image: props.agentImage },
    operator: { ...shared, image: props.operatorImage, replicas: props.operators },
  };
}
