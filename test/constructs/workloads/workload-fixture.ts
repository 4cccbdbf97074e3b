import { App, Chart, Cron, Testing } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-27';
import {
  HardenedCronJob,
  HardenedDaemonSet,
  HardenedDeployment,
  HardenedJob,
  HardenedStatefulSet,
  HardenedWindowsDeployment,
} from '../../../constructs';

export const image = `registry.example/app@sha256:${'0'.repeat(64)}`;

/** An empty chart in the namespace `shop`. */
export function shop(): Chart {
  return new Chart(Testing.app(), 'shop', { namespace: 'shop', disableResourceNameHashes: true });
}

/** Every construct with its defaults, and one with what can be asked for. */
export const workloads: Readonly<Record<string, (chart: Chart) => void>> = {
  deployment: (chart) => {
    new HardenedDeployment(chart, 'web', { containers: [{ image, portNumber: 8080 }] });
  },
  'stateful-set': (chart) => {
    new HardenedStatefulSet(chart, 'db', { containers: [{ image, portNumber: 6379 }] });
  },
  'daemon-set': (chart) => {
    new HardenedDaemonSet(chart, 'agent', { containers: [{ image, portNumber: 9100 }] });
  },
  job: (chart) => {
    new HardenedJob(chart, 'migration', { containers: [{ image }] });
  },
  'cron-job': (chart) => {
    new HardenedCronJob(chart, 'report', { schedule: Cron.daily(), containers: [{ image }] });
  },
  windows: (chart) => {
    new HardenedWindowsDeployment(chart, 'web', {
      containers: [{ image, portNumber: 8080 }],
      scratch: [{ path: 'C:\\cache' }],
    });
  },
  options: (chart) => {
    new HardenedDeployment(chart, 'operator', {
      containers: [{ image, portNumber: 8080 }],
      initContainers: [{ name: 'prepare', image }],
      serviceAccount: new ServiceAccount(chart, 'account'),
      token: { audience: 'https://kubernetes.default.svc.cluster.local', expirationSeconds: 600 },
      scratch: [{ path: '/tmp' }, { path: '/run/app', sizeMebibytes: 8, inMemory: true, container: 'main' }],
      priorityClassName: 'system-cluster-critical',
      userNamespace: false,
      waivers: [
        {
          control: 'pods/user-namespace',
          reason: 'The volumes of this program cannot be mapped to other ids.',
          owner: 'platform@example.org',
          expires: '2099-12-31',
        },
      ],
    });
  },
};

/** What a workload renders, synthesized with its validations. */
export function manifestOf(name: string): string {
  const chart = shop();
  workloads[name]?.(chart);
  return App.of(chart).synthYaml();
}
