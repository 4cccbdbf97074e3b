import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Fields } from '../../../lib/fields';
import {
  allowedFlows,
  formatPorts,
  type NetworkOptions,
  openingBetween,
  type Party,
  readNetwork,
} from '../../../lib/network-policy';
import { cilium, denyAll, dnsPeer, from, pod, policy, to } from './manifests';

function nameOf(party: Party): string {
  switch (party.kind) {
    case 'workload':
      return `${party.workload.namespace}/${party.workload.object.name}`;
    case 'pods':
      return `pods ${party.namespaces?.join('+') ?? 'anywhere'} ${party.selector || 'all'}`;
    case 'addresses':
      return [party.cidr, ...party.except].join(' - ');
    case 'name':
      return party.name;
    default:
      return party.kind;
  }
}

const flowsOf = (manifests: readonly Fields[], options?: NetworkOptions): string[] =>
  allowedFlows(readNetwork(manifests, options))
    .map(({ from: source, to: target, ports }) => `${nameOf(source)} -> ${nameOf(target)} ${formatPorts(ports)}`)
    .sort();

const redis = pod('redis', { ports: [{ name: 'redis', containerPort: 6379 }] });

describe('allowed flows', () => {
  test('nothing is closed where no policy selects, and everything where the cluster denies by default', () => {
    const flows = flowsOf([pod('web'), redis]);
    expect(flows).toContain('shop/web -> shop/redis every port');
    expect(flows).toContain('shop/web -> world every port');
    expect(flows).toContain('shop/web -> metadata every port');
    expect(flows).toContain('pods anywhere all -> shop/redis every port');
    expect(flowsOf([pod('web'), redis], { defaultDeny: true })).toEqual([]);
  });

  test('a connection needs both sides, and gets the ports that both allow', () => {
    const both = [policy('out', 'web', to('redis', 6379, 80)), policy('in', 'redis', from('web', 'redis', 443))];
    expect(flowsOf([pod('web'), redis, denyAll(), ...both])).toEqual(['shop/web -> shop/redis 6379/TCP']);
    expect(flowsOf([pod('web'), redis, denyAll(), both[0] ?? {}])).toEqual([]);
    expect(flowsOf([pod('web'), redis, denyAll(), both[1] ?? {}])).toEqual([]);
  });

  test('labels borrowed in another namespace open nothing', () => {
    const others = [
      pod('web', { namespace: 'other' }),
      policy('out', 'web', { egress: [{}], policyTypes: ['Egress'] }, 'other'),
    ];
    const flows = flowsOf([redis, denyAll(), policy('in', 'redis', from('web', 6379)), ...others]);
    // What is left are pods of the same namespace that no manifest here makes.
    expect(flows.filter((flow) => flow.includes('-> shop/redis'))).toEqual([
      'pods shop app=web -> shop/redis 6379/TCP',
    ]);
    expect(flows).toContain('other/web -> world every port');
  });

  test('namespaces are found by their name and by labels of their own', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { team: 'a' } } };
    const peer = (namespaceSelector: Fields) => ({
      ingress: [
        { from: [{ namespaceSelector, podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 6379 }] },
      ],
    });
    const flows = (namespaceSelector: Fields) =>
      flowsOf([
        namespace,
        pod('web', { namespace: 'other' }),
        redis,
        denyAll(),
        policy('in', 'redis', peer(namespaceSelector)),
      ]);
    const open = 'other/web -> shop/redis 6379/TCP';
    expect(flows({ matchLabels: { 'kubernetes.io/metadata.name': 'other' } })).toContain(open);
    expect(flows({ matchLabels: { team: 'a' } })).toContain(open);
    expect(flows({ matchExpressions: [{ key: 'team', operator: 'In', values: ['a'] }] })).toContain(open);
    expect(flows({})).toContain(open);
    expect(flows({ matchLabels: { team: 'b' } })).not.toContain(open);
    expect(flows({ matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] })).not.toContain(open);
  });

  test('DNS, the world, address blocks and pods that no manifest makes', () => {
    const egress = [
      { to: [dnsPeer], ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] },
      { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }], ports: [{ port: 443 }] },
      { to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 8000, endPort: 8010 }] },
    ];
    const ingress = [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }],
        ports: [{ port: 80 }],
      },
    ];
    expect(
      flowsOf([pod('web'), policy('web', 'web', { egress, ingress, policyTypes: ['Ingress', 'Egress'] })]),
    ).toEqual([
      'pods ingress all -> shop/web 80/TCP',
      'shop/web -> 192.0.2.0/24 443/TCP, 8000-8010/TCP',
      'shop/web -> api-server 443/TCP',
      'shop/web -> dns 53/TCP+UDP',
      'shop/web -> nodes 443/TCP',
      'shop/web -> world 443/TCP',
    ]);
  });

  test('the metadata address is reached by whoever reaches every address', () => {
    const everywhere = { egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }], policyTypes: ['Egress'] };
    expect(flowsOf([pod('web'), policy('out', 'web', everywhere)])).toContain('shop/web -> metadata every port');
  });

  test('a pod on the network of its node is the node', () => {
    const flows = flowsOf([pod('web'), pod('agent', { spec: { hostNetwork: true } })]);
    expect(flows.filter((flow) => flow.includes('agent'))).toEqual([]);
  });

  test('a policy without types isolates what comes in, and what goes out only if it has rules for that', () => {
    const open = flowsOf([pod('web'), policy('in', 'web', {})]);
    expect(open.filter((flow) => flow.startsWith('shop/web'))).not.toEqual([]);
    expect(open.filter((flow) => flow.includes('-> shop/web'))).toEqual([]);
    const out = { egress: [{ to: [{ podSelector: {} }] }] };
    expect(flowsOf([pod('web'), policy('out', 'web', out)])).toEqual([]);
  });
});

describe('with Cilium', () => {
  const platform = parseAllDocuments(
    readFileSync(join(__dirname, '../../golden/platform/cilium/40-network-policies.k8s.yaml'), 'utf8'),
  ).map((document) => document.toJS() as Fields);

  test('the platform leaves a pod DNS and its nodes, and the API server to those that ask for it', () => {
    const operator = pod('operator', { labels: { 'bulwark.dev/api-access': 'true' } });
    expect(flowsOf([...platform, pod('web'), operator])).toEqual([
      'nodes -> shop/operator every port',
      'nodes -> shop/web every port',
      'shop/operator -> api-server 6443/TCP',
      'shop/operator -> dns 53/TCP+UDP',
      'shop/web -> dns 53/TCP+UDP',
    ]);
  });

  test('on top of it a team opens addresses, but neither nodes nor the metadata address', () => {
    const everywhere = { egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }], policyTypes: ['Egress'] };
    const flows = flowsOf([...platform, pod('web'), policy('out', 'web', everywhere)]);
    expect(flows.filter((flow) => flow.startsWith('shop/web'))).toEqual([
      'shop/web -> dns 53/TCP+UDP',
      'shop/web -> world every port',
    ]);
  });

  test('namespaces in labels, names, requests, denials', () => {
    const web = cilium(
      'CiliumNetworkPolicy',
      'web',
      {
        endpointSelector: { matchLabels: { app: 'web' } },
        egress: [
          { toFQDNs: [{ matchName: 'api.example' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
          { toEndpoints: [{ matchLabels: { 'k8s:app': 'redis', 'k8s:io.kubernetes.pod.namespace': 'data' } }] },
          { toEndpoints: [{ matchLabels: { app: 'redis' } }] },
        ],
        egressDeny: [{ toEndpoints: [{ matchLabels: { app: 'redis' } }] }],
      },
      'shop',
    );
    const data = cilium(
      'CiliumNetworkPolicy',
      'data',
      {
        endpointSelector: {},
        ingress: [
          {
            fromEndpoints: [{ matchLabels: { 'io.kubernetes.pod.namespace': 'shop' } }],
            toPorts: [{ ports: [{ port: 'redis' }], rules: { http: [{ method: 'GET', path: '/ok' }] } }],
          },
        ],
      },
      'data',
    );
    const far = pod('redis', { namespace: 'data', ports: [{ name: 'redis', containerPort: 6380 }] });
    const manifests = [pod('web'), redis, far, web, data];
    expect(flowsOf(manifests).filter((flow) => flow.startsWith('shop/web'))).toEqual([
      'shop/web -> api.example 443/TCP',
      'shop/web -> data/redis 6380/TCP',
    ]);
    const network = readNetwork(manifests);
    const [source, , target] = network.workloads.all;
    if (!source || !target) throw new Error('two pods');
    expect(openingBetween(network, source, target).requests).toEqual(['GET /ok']);
  });

  test('an empty rule denies, an empty peer stands for the own namespace', () => {
    const deny = cilium('CiliumNetworkPolicy', 'deny', { endpointSelector: {}, ingress: [{}], egress: [{}] }, 'shop');
    expect(flowsOf([pod('web'), redis, deny])).toEqual([]);
    const own = cilium(
      'CiliumNetworkPolicy',
      'own',
      {
        endpointSelector: {},
        ingress: [{ fromEndpoints: [{}] }],
        egress: [{ toEndpoints: [{}] }],
      },
      'shop',
    );
    expect(flowsOf([pod('web'), redis, pod('x', { namespace: 'other' }), own])).toEqual(
      expect.arrayContaining(['shop/redis -> shop/web every port', 'shop/web -> shop/redis every port']),
    );
    expect(flowsOf([pod('web'), pod('x', { namespace: 'other' }), own])).not.toContain(
      'other/x -> shop/web every port',
    );
  });
});
