import { catalogue } from '../../../lib/controls/registry';
import { HardeningError } from '../../../lib/errors';
import { judgeCluster } from '../../../lib/evidence';
import type { ClusterFacts } from '../../../lib/foreign/cluster-facts';
import { describeCluster } from '../../../lib/foreign/describe-cluster';
import { hiddenBy } from '../../../lib/foreign/hidden';
import { importSpec } from '../../../lib/foreign/import-spec';
import { describeRecorded } from '../../../lib/foreign/recorded-cluster';
import { resolve } from '../../../lib/resolve';
import { fuzz, mutate, pick, type Random, randomOf } from '../../support/random';

const { seeds, name } = fuzz(300);
const node = (name: string, labels: Record<string, string>) => ({
  metadata: { name, labels },
  status: {
    addresses: [
      { type: 'Hostname', address: name },
      { type: 'InternalIP', address: '192.0.2.1' },
    ],
  },
});
const facts: ClusterFacts = {
  version: { fact: 'v1.36.3' },
  nodes: { fact: [node('one', { 'node-role.kubernetes.io/control-plane': '' }), node('two', {})] },
  staticPods: {
    fact: [
      {
        metadata: { name: 'kube-apiserver-one' },
        spec: { nodeName: 'one', containers: [{ command: ['kube-apiserver', '--audit-policy-file=/etc/a.yaml'] }] },
        status: { phase: 'Running' },
      },
    ],
  },
  clusterConfiguration: { fact: { networking: { podSubnet: '10.1.0.0/16' }, etcd: { external: {} } } },
  namespaces: { fact: [{ metadata: { name: 'shop' } }] },
  ciliumConfig: { fact: { 'enable-policy': 'default' } },
  hasKubeProxy: { fact: false },
  recordedSpec: { fact: null },
  kubeletConfiguration: { fact: { maxPods: 200 } },
  corefile: { fact: '.:53 {\n  forward . 192.0.2.53\n}\n' },
};

/** Anything that JSON can hold where the API answers with JSON; its lists are lists. */
function mutateFact(fact: unknown, random: Random): unknown {
  if (typeof fact === 'string') return pick(random, ['', 'v1', 'v1.31.4', 'not set', 'v1.36.3-gke.1']);
  if (typeof fact === 'boolean') return !fact;
  if (!Array.isArray(fact)) return mutate(fact, random);
  // Holes are no JSON.
  return fact.map((item) => (random() < 0.5 ? JSON.parse(JSON.stringify(mutate(item, random))) : item));
}

test(`${name}: whatever an API server answers, the cluster is described or refused, and nothing passes unseen`, () => {
  let described = 0;
  for (const seed of seeds) {
    const random = randomOf(seed);
    const mutated = Object.fromEntries(
      Object.entries(facts).map(([field, seen]) => [
        field,
        random() < 0.2 ? { unseen: 'forbidden' } : random() < 0.5 ? { fact: mutateFact(seen.fact, random) } : seen,
      ]),
    ) as unknown as ClusterFacts;
    try {
      const hosts = [{ name: 'two', address: '192.0.2.2', groups: ['masters'] }];
      const cluster = describeCluster(mutated, { name: 'theirs', profile: 'internet-facing', hosts });
      const resolution = resolve(cluster.spec, catalogue, cluster.seen);
      const { rows } = judgeCluster(resolution, [], { now: new Date(), hidden: hiddenBy(cluster) });
      expect(rows.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
      expect(describeRecorded(mutated, { name: 'theirs', profile: 'internet-facing' }).recorded).toBeUndefined();
      const imported = importSpec(mutated, cluster, {
        profile: 'internet-facing',
        allowedApiCidrs: [],
        operatorCidrs: [],
        machines: new Map(),
        freeValue: (_, __, value) => (random() < 0.5 ? value : undefined),
        ownedKubeletFields: new Set(),
        textOf: () => ({ fact: random() < 0.5 ? null : '{jwt: [{issuer: {url: 5}}]}' }),
      });
      expect(imported.spec.nodes.length).toBe(cluster.spec.nodes.length);
      described += 1;
    } catch (error) {
      if (!(error instanceof HardeningError))
        throw new Error(`seed ${seed}: ${JSON.stringify(mutated)}`, { cause: error });
    }
  }
  expect(described).toBeGreaterThan(seeds.length / 2);
}, 3_600_000);
