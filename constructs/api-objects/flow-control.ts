import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface PriorityLevelProps {
  readonly name: string;
  /** Share of the API server's concurrency, against the shares of the other levels. */
  readonly shares: number;
  /** How many requests of one flow may wait. */
  readonly queueLength: number;
}

/**
 * A limited PriorityLevelConfiguration (`flowcontrol.apiserver.k8s.io/v1`): requests above its share wait in queues, so
 * that one flow cannot starve another, and are refused with 429 when their queue is full.
 */
export class PriorityLevel extends ApiObject {
  constructor(scope: Construct, id: string, props: PriorityLevelProps) {
    super(scope, id, {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'PriorityLevelConfiguration',
      metadata: { name: props.name },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: props.shares,
          // What is not used is lent to others; nothing is borrowed at their expense.
          lendablePercent: 50,
          borrowingLimitPercent: 0,
          limitResponse: {
            type: 'Queue',
            queuing: { queues: 16, handSize: 4, queueLengthLimit: props.queueLength },
          },
        },
      },
    });
  }
}

export interface FlowSchemaProps {
  readonly name: string;
  readonly priorityLevel: string;
  /** Of several schemas that match a request, the one with the lowest number counts; from 1 to 10000. */
  readonly precedence: number;
  /** Groups whose requests match, those of service accounts (`system:serviceaccounts:<namespace>`) included. */
  readonly groups: readonly string[];
}

/** A FlowSchema (`flowcontrol.apiserver.k8s.io/v1`) of every request of some groups; each user is a flow. */
export class FlowSchema extends ApiObject {
  constructor(scope: Construct, id: string, props: FlowSchemaProps) {
    super(scope, id, {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'FlowSchema',
      metadata: { name: props.name },
      spec: {
        priorityLevelConfiguration: { name: props.priorityLevel },
        matchingPrecedence: props.precedence,
        distinguisherMethod: { type: 'ByUser' },
        rules: [
          {
            subjects: props.groups.map((name) => ({ kind: 'Group', group: { name } })),
            resourceRules: [
              { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] },
            ],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
    });
  }
}
