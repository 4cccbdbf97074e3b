import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Waiver } from '../lib/spec/cluster-spec';
import { recordText, waiverRecord } from '../lib/spec/waiver-record';

export interface WaiverRecordProps {
  readonly waivers: readonly Waiver[];
}

/** What the cluster was set up without, for everybody who may read ConfigMaps of kube-system, and for the next proof. */
export class WaiverRecord extends k8s.KubeConfigMap {
  constructor(scope: Construct, id: string, { waivers }: WaiverRecordProps) {
    const { namespace, name, key } = waiverRecord;
    super(scope, id, { metadata: { namespace, name }, data: { [key]: recordText(waivers) } });
  }
}
