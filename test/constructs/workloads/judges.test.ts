import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { podOf } from '../../../lib/lint/manifest';
import { apiServerPrograms } from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { writeSchemas } from '../../support/openapi-schemas';
import {
  controller,
  expectRefusal,
  type KubernetesObject,
  type PlatformServer,
  startPlatformServer,
} from '../platform-server';
import { manifestOf, workloads } from './workload-fixture';

const names = Object.keys(workloads);
const makers: Readonly<Record<string, string>> = {
  Deployment: 'replicaset-controller',
  StatefulSet: 'statefulset-controller',
  DaemonSet: 'daemon-set-controller',
  Job: 'job-controller',
  CronJob: 'job-controller',
};

describeWith('hardened workloads, by a real API server', [...apiServerPrograms, 'kubeconform'], (programs) => {
  let server: PlatformServer;
  let location: string;
  beforeAll(async () => {
    server = await startPlatformServer(programs);
    server.kubectl(['create', 'serviceaccount', 'shop-account', '--namespace=shop']);
    location = await writeSchemas(server, join(server.directory, 'schemas'));
  }, 120_000);
  afterAll(() => server?.stop());

  const workloadOf = (name: string): KubernetesObject =>
    parseAllDocuments(manifestOf(name))
      .map((document) => document.toJS())
      .find(({ kind }) => kind in makers);

  const tryPodOf = (workload: KubernetesObject) => {
    const { metadata, spec } = podOf(workload) ?? {};
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe', labels: metadata?.labels }, spec };
    return server.tryPod(pod, controller(makers[workload.kind] as string), 'shop');
  };

  test.each(names)('every object of %s is accepted, unknown fields being errors, without a warning', (name) => {
    const apply = [
      'apply',
      '--server-side',
      '--dry-run=server',
      '--validate=strict',
      '--warnings-as-errors',
      '-f',
      '-',
    ];
    expect(() => server.kubectl(apply, manifestOf(name))).not.toThrow();
  });

  test.each(names)('the pod of %s is admitted where restricted is enforced', async (name) => {
    const { status, body } = await tryPodOf(workloadOf(name));
    expect({ status, message: body.message }).toEqual({ status: 201, message: undefined });
  });

  test('the same namespace refuses a pod that lacks one of the fields', async () => {
    const workload = workloadOf('deployment');
    delete workload.spec.template.spec.containers[0].securityContext.capabilities;
    expectRefusal(await tryPodOf(workload), 'violates PodSecurity "restricted:v1.36"', 'unrestricted capabilities');
  });

  const summaryOf = (manifest: string) => {
    const args = ['-strict', '-summary', '-output', 'json', '-schema-location', location, '-'];
    return JSON.parse(spawnSync(programs.kubeconform, args, { input: manifest, encoding: 'utf8' }).stdout).summary;
  };

  test.each(names)('%s is valid for kubeconform and nothing is skipped', (name) => {
    const summary = summaryOf(manifestOf(name));
    expect(summary).toMatchObject({ invalid: 0, errors: 0, skipped: 0 });
    expect(summary.valid).toBeGreaterThan(1);
  });

  test('kubeconform finds a misspelt field', () => {
    expect(summaryOf(manifestOf('job').replace('hostUsers', 'hostUser')).invalid).toBe(1);
  });
});

describeWith('hardened workloads, by kube-score', ['kube-score'], (programs) => {
  const criticalOf = (manifest: string): string[] => {
    const args = ['score', '--kubernetes-version', 'v1.36', '--output-format', 'ci', '-'];
    const { stdout } = spawnSync(programs['kube-score'], args, { input: manifest, encoding: 'utf8' });
    expect(stdout).toContain('[OK]');
    return stdout.split('\n').filter((line) => line.startsWith('[CRITICAL]'));
  };

  test.each(names.filter((name) => name !== 'windows'))('nothing about %s is critical', (name) => {
    expect(criticalOf(manifestOf(name))).toEqual([]);
  });

  test('critical about windows is only what Windows does not have', () => {
    const faults = criticalOf(manifestOf('windows')).map((line) => line.replace(/^.*\(main\) /, ''));
    // kube-score tells them in no certain order.
    expect(faults.sort()).toEqual([
      'The container is running with a low user ID',
      'The container running with a low group ID',
      'The pod has a container with a writable root filesystem',
    ]);
  });

  test('a container without limits is', () => {
    expect(criticalOf(manifestOf('deployment').replaceAll(/cpu: 500m/g, 'gpu: 1'))).not.toEqual([]);
  });
});
