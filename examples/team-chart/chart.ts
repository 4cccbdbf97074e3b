import { HardenedCronJob, HardenedDeployment, NamespaceDefaultDeny } from 'bulwark/constructs';
import { Chart, Cron, Duration } from 'cdk8s';
import { EnvValue, Probe } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

export interface OrdersProps {
  /** Namespace that the platform team made for the orders team. */
  readonly namespace: string;
  /** Image of the service, pinned by digest. */
  readonly image: string;
  /** Pods of the service. @default 2 */
  readonly replicas?: number;
  /** Days after which a finished order is archived. @default 90 */
  readonly archiveAfterDays?: number;
}

/** The orders service and its nightly archiving. Other teams import this class, and nothing else of the package. */
export class Orders extends Chart {
  /** What other charts allow connections from, or to. */
  readonly service: HardenedDeployment;

  constructor(scope: Construct, id: string, props: OrdersProps) {
    super(scope, id, { namespace: props.namespace, disableResourceNameHashes: true });
    const { image, replicas = 2, archiveAfterDays = 90 } = props;

    new NamespaceDefaultDeny(this, 'default-deny', { namespace: props.namespace });

    this.service = new HardenedDeployment(this, 'service', {
      replicas,
      containers: [
        {
          image,
          portNumber: 8080,
          readiness: Probe.fromHttpGet('/ready', { port: 8080 }),
        },
      ],
      scratch: [{ path: '/tmp' }],
    });
    this.service.exposeViaService();

    const archive = new HardenedCronJob(this, 'archive', {
      schedule: Cron.schedule({ minute: '17', hour: '3' }),
      timeZone: 'Etc/UTC',
      activeDeadline: Duration.minutes(30),
      containers: [
        {
          image,
          args: ['archive'],
          envVariables: { OLDER_THAN_DAYS: EnvValue.fromValue(String(archiveAfterDays)) },
        },
      ],
    });
    archive.connections.allowTo(this.service);
  }
}
