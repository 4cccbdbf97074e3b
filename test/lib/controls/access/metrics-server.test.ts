import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { AnyCheck, Judgement } from '../../../../lib/checks';
import subject from '../../../../lib/controls/access/metrics-server';
import { catalogue } from '../../../../lib/controls/registry';
import type { Fields } from '../../../../lib/fields';
import { resolve } from '../../../../lib/resolve';
import { clusterSpecSchema } from '../../../../lib/spec/cluster-spec';
import { specInput } from '../../../support/spec';

// biome-ignore lint/suspicious/noExplicitAny: what is rendered, to be broken one field at a time
type Rendered = any;

/** What a cluster with metrics-server holds, and what a run filled in. */
const rendered = (kind: string, name: string): Rendered => {
  const file = join(__dirname, '../../../golden/platform/metrics-server/45-metrics-server.k8s.yaml');
  const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((document): Rendered => document.toJS());
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  return structuredClone(found);
};

const checksOf = (metricsServer: boolean): readonly AnyCheck[] => {
  const spec = clusterSpecSchema.parse(
    specInput({ metricsServer, cni: { name: 'cilium', kubeProxyReplacement: true } }),
  );
  return subject.checks(resolve(spec, catalogue).cluster);
};

/** The verdict of the check whose probe is about this resource. */
const judge = (resource: string, facts: readonly Fields[]): Judgement => {
  const check = checksOf(true).find(({ probe }) => probe.kind === 'objects' && probe.resource.startsWith(resource));
  if (!check) throw new Error(`no check of ${resource}`);
  return (check.judge as (facts: readonly Fields[]) => Judgement)(facts);
};

test('is not applicable where nothing is bound to its role', () => {
  expect(judge('clusterrolebindings', []).verdict).toBe('not-applicable');
  expect(judge('clusterrolebindings', [{ roleRef: { name: 'cluster-admin' } }]).verdict).toBe('not-applicable');
  expect(checksOf(false)).toHaveLength(1);
});

test('its role is for its service account only', () => {
  const binding = rendered('ClusterRoleBinding', 'system:metrics-server');
  expect(judge('clusterrolebindings', [binding]).verdict).toBe('pass');
  const other = { kind: 'Group', name: 'system:authenticated' };
  expect(judge('clusterrolebindings', [{ ...binding, subjects: [...binding.subjects, other] }])).toMatchObject({
    verdict: 'fail',
    objects: [{ resource: 'clusterrolebindings', name: 'system:metrics-server' }],
  });
});

test('the API server verifies it', () => {
  const service = rendered('APIService', 'v1beta1.metrics.k8s.io');
  // A run makes the certificate; until then the API server trusts none.
  expect(judge('apiservices', [service]).verdict).toBe('fail');
  service.spec.caBundle = 'LS0tLS1CRUdJTg==';
  expect(judge('apiservices', [service]).verdict).toBe('pass');
  service.spec.insecureSkipTLSVerify = true;
  expect(judge('apiservices', [service]).verdict).toBe('fail');
});

test.each([
  ['--kubelet-insecure-tls'],
  ['--kubelet-insecure-tls=true'],
  ['--deprecated-kubelet-completely-insecure=true'],
])('%s lets it take anybody for a kubelet', (flag) => {
  const deployment = rendered('Deployment', 'metrics-server');
  expect(judge('deployments', [deployment]).verdict).toBe('pass');
  deployment.spec.template.spec.containers[0].args.push(flag);
  expect(judge('deployments', [deployment]).verdict).toBe('fail');
});

test('without the CA of kubelets it verifies none', () => {
  const deployment = rendered('Deployment', 'metrics-server');
  const [container] = deployment.spec.template.spec.containers;
  container.args = container.args.filter((arg: string) => !arg.startsWith('--kubelet-certificate-authority'));
  expect(judge('deployments', [deployment]).verdict).toBe('fail');
});
