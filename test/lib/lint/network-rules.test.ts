import type { Fields } from '../../../lib/fields';
import { judgeManifests, lintRules, setRules } from '../../../lib/lint/judge-manifest';
import { cilium, denyAll, dnsPeer, from, pod, policy, to } from '../network-policy/manifests';

const mine = /^(network-policies|gateways)\/|^ingress\/tls$/;

/** `control object path` of what is found about the network; the pods of these tests are not otherwise good. */
const found = (...manifests: readonly Fields[]): string[] =>
  judgeManifests(manifests, '2026-01-01')
    .flatMap(({ findings }) => findings)
    .filter(({ control }) => mine.test(control))
    .map(({ control, object, path }) => `${control} ${object.name} ${path}`);

const web = pod('web', { ports: [{ containerPort: 8080 }] });
const redis = pod('redis', { ports: [{ name: 'redis', containerPort: 6379 }] });
const dns = policy(
  'dns',
  {},
  { egress: [{ to: [dnsPeer], ports: [{ port: 53, protocol: 'UDP' }] }], policyTypes: ['Egress'] },
);
const open = [policy('out', 'web', to('redis', 6379)), policy('in', 'redis', from('web', 6379))];
const service = (name: string, app: string, ports: Fields): Fields => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app }, ports: [ports] },
});
const ingress = (spec: Fields, annotations: Fields = {}): Fields => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'ingress', namespace: 'shop', annotations },
  spec: { tls: [{ hosts: ['shop.example'] }], ...spec },
});
const rule = (host: string, name = 'web', number = 80): Fields => ({
  host,
  http: { paths: [{ backend: { service: { name, port: { number } } } }] },
});
const gateway = (...listeners: readonly Fields[]): Fields => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { listeners },
});
const https = { name: 'https', protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'certificate' }] } };
const http = { name: 'http', protocol: 'HTTP' };
const route = (sectionName: string | undefined, ...rules: readonly Fields[]): Fields => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'route', namespace: 'shop' },
  spec: { parentRefs: [{ name: 'edge', sectionName }], rules },
});
const redirect = { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }] };
const probed = pod('web', {
  spec: {
    containers: [{ ports: [{ name: 'http', containerPort: 8080 }], readinessProbe: { httpGet: { port: 'http' } } }],
  },
});
const wholeCluster = (ingressRule: Fields, deny: Fields = {}): Fields =>
  cilium('CiliumClusterwideNetworkPolicy', 'all', {
    endpointSelector: {},
    ingress: [ingressRule],
    ...deny,
    enableDefaultDeny: { ingress: true, egress: false },
  });
const fromNamespace = (peer: Fields): Fields =>
  policy('in', 'redis', { ingress: [{ from: [peer], ports: [{ port: 6379 }] }] });
const byName = { matchLabels: { 'kubernetes.io/metadata.name': 'other' } };

const bad: readonly (readonly [string, readonly Fields[], string])[] = [
  [
    'a host-network pod that a policy selects',
    [pod('agent', { spec: { hostNetwork: true } }), denyAll()],
    'network-policies/host-network agent spec.hostNetwork',
  ],
  [
    'two policies of one name',
    [web, redis, dns, denyAll(), ...open, { ...policy('in', 'redis', from('redis', 6379)) }],
    'network-policies/unique in metadata.name',
  ],
  ['a policy about nobody', [web, policy('lost', 'wbe', {})], 'network-policies/unused lost spec.podSelector'],
  [
    'a rule about nobody',
    [web, dns, policy('out', 'web', to('rediss', 6379))],
    'network-policies/unused out spec.egress[0]',
  ],
  [
    'a whole namespace',
    [redis, fromNamespace({ namespaceSelector: byName })],
    'network-policies/namespace-selector in spec.ingress[0].from[0]',
  ],
  [
    'a namespace by a label that others can take',
    [redis, fromNamespace({ namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: {} })],
    'network-policies/namespace-selector in spec.ingress[0].from[0].namespaceSelector',
  ],
  [
    'pods of any namespace',
    [redis, fromNamespace({ namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } })],
    'network-policies/namespace-selector in spec.ingress[0].from[0].namespaceSelector',
  ],
  ['a connection by name without DNS', [web, redis, denyAll(), ...open], 'network-policies/dns out spec.egress[0]'],
  [
    'DNS that a denial takes away',
    [
      web,
      redis,
      dns,
      ...open,
      cilium(
        'CiliumNetworkPolicy',
        'no-dns',
        {
          endpointSelector: {},
          egressDeny: [{ toEntities: ['all'], toPorts: [{ ports: [{ port: '53' }] }] }],
        },
        'shop',
      ),
    ],
    'network-policies/dns no-dns spec.egressDeny[0]',
  ],
  [
    'a connection that the listener refuses',
    [web, redis, dns, denyAll(), policy('out', 'web', to('redis', 6379))],
    'network-policies/connection out spec.egress[0]',
  ],
  [
    'a connection that the caller must not make',
    [web, redis, dns, denyAll(), policy('in', 'redis', from('web', 6379))],
    'network-policies/connection in spec.ingress[0]',
  ],
  [
    'the port of a Service',
    [
      web,
      redis,
      dns,
      denyAll(),
      service('redis', 'redis', { port: 80, targetPort: 'redis' }),
      policy('out', 'web', to('redis', 80)),
      policy('in', 'redis', from('web')),
    ],
    'network-policies/connection out spec.egress[0]',
  ],
  [
    'an Ingress to pods that let nobody in',
    [web, denyAll(), service('web', 'web', { port: 80, targetPort: 8080 }), ingress({ rules: [rule('shop.example')] })],
    'network-policies/connection ingress spec.rules[0].http.paths[0].backend',
  ],
  [
    'a default deny of the cluster without its nodes',
    [probed, wholeCluster({ fromEntities: ['kube-apiserver'] })],
    'network-policies/probes all spec.ingress',
  ],
  [
    'probes that a denial takes away',
    [probed, wholeCluster({ fromEntities: ['host'] }, { ingressDeny: [{ fromEntities: ['host'] }] })],
    'network-policies/probes all spec.ingressDeny[0]',
  ],
  ['an Ingress without TLS', [ingress({ tls: [] })], 'ingress/tls ingress spec.tls'],
  [
    'a host without a certificate',
    [ingress({ rules: [rule('shop.example'), rule('a.shop.example')] })],
    'ingress/tls ingress spec.rules[1].host',
  ],
  [
    'an Ingress that answers HTTP',
    [ingress({}, { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' })],
    'ingress/tls ingress metadata.annotations["nginx.ingress.kubernetes.io/ssl-redirect"]',
  ],
  ['a gateway for HTTP only', [gateway(http)], 'gateways/tls edge spec.listeners[0]'],
  [
    'a listener without certificate',
    [gateway({ name: 'x', protocol: 'HTTPS' })],
    'gateways/tls edge spec.listeners[0].tls',
  ],
  ['a plain TCP listener', [gateway(https, { protocol: 'TCP' })], 'gateways/tls edge spec.listeners[1]'],
  [
    'a route that an HTTP listener answers',
    [gateway(http, https), route(undefined, redirect, {})],
    'gateways/tls route spec.rules[1]',
  ],
];

describe('found are', () => {
  test.each(bad)('%s', (_name, manifests, finding) => {
    expect(found(...manifests)).toEqual([finding]);
  });

  test('each rule about the network has a case', () => {
    const rules = [...lintRules, ...setRules].map(({ control }) => control).filter((control) => mine.test(control));
    expect(rules.filter((control) => !bad.some(([, , finding]) => finding.startsWith(`${control} `)))).toEqual([]);
  });

  test('both sides of a connection that agree on no port', () => {
    const sides = [policy('out', 'web', to('redis', 6380)), policy('in', 'redis', from('web', 6379))];
    expect(found(web, redis, dns, denyAll(), ...sides)).toEqual([
      'network-policies/connection out spec.egress[0]',
      'network-policies/connection in spec.ingress[0]',
    ]);
  });
});

describe('nothing is found about', () => {
  const cases: readonly (readonly [string, readonly Fields[]])[] = [
    [
      'a policy about pods that an operator makes',
      [
        web,
        { apiVersion: 'monitoring.example/v1', kind: 'Prometheus', metadata: { name: 'main', namespace: 'shop' } },
        policy('prometheus', 'prometheus', {}),
      ],
    ],
    ['a connection with both sides and DNS', [web, redis, dns, denyAll(), ...open]],
    ['pods that a team policy and the cluster together serve', [web, redis, ...open, dns]],
    [
      'a host-network pod beside policies about others',
      [pod('agent', { spec: { hostNetwork: true } }), web, policy('w', 'web', {})],
    ],
    [
      'a host-network pod under the default deny of a cluster',
      [pod('agent', { spec: { hostNetwork: true } }), wholeCluster({})],
    ],
    ['a policy about a namespace that is not here', [policy('lost', 'web', {})]],
    [
      'pods that go to addresses only',
      [
        web,
        policy('out', 'web', { egress: [{ to: [{ ipBlock: { cidr: '192.0.2.1/32' } }] }], policyTypes: ['Egress'] }),
      ],
    ],
    [
      'a resolver on the node',
      [
        web,
        redis,
        denyAll(),
        ...open,
        policy(
          'local-dns',
          {},
          {
            egress: [{ to: [{ ipBlock: { cidr: '169.254.20.10/32' } }], ports: [{ port: 53, protocol: 'UDP' }] }],
            policyTypes: ['Egress'],
          },
        ),
      ],
    ],
    [
      'pods of one namespace by its name',
      [redis, fromNamespace({ namespaceSelector: byName, podSelector: { matchLabels: { app: 'web' } } })],
    ],
    [
      'pods that the cluster denies some addresses',
      [
        web,
        redis,
        dns,
        ...open,
        wholeCluster({ fromEntities: ['host'] }, { egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] }),
      ],
    ],
    ['probes that the cluster lets in', [probed, wholeCluster({ fromEntities: ['host'] })]],
    ['probes beside a standard default deny', [probed, denyAll()]],
    [
      'an Ingress to pods that let a controller in',
      [
        web,
        denyAll(),
        policy('in', 'web', {
          ingress: [{ from: [{ namespaceSelector: byName, podSelector: {} }], ports: [{ port: 8080 }] }],
        }),
        service('web', 'web', { port: 80, targetPort: 8080 }),
        ingress({ rules: [rule('shop.example')] }),
      ],
    ],
    [
      'hosts below a wildcard certificate',
      [ingress({ tls: [{ hosts: ['*.example'] }], rules: [rule('shop.example')] })],
    ],
    [
      'a gateway that redirects',
      [
        gateway(http, https),
        route('http', redirect),
        { ...route('https', {}), metadata: { name: 'r2', namespace: 'shop' } },
      ],
    ],
    ['TLS that the backend ends', [gateway({ name: 'x', protocol: 'TLS', tls: { mode: 'Passthrough' } })]],
  ];
  test.each(cases)('%s', (_name, manifests) => {
    expect(found(...manifests)).toEqual([]);
  });
});

test('the waiver of a finding about several objects is read from the object that it is about', () => {
  const waiver =
    'network-policies/host-network: The agent reads the packets of its node. (net@example.org, until 2026-12-31)';
  const agent = pod('agent', { spec: { hostNetwork: true } });
  const waived = {
    ...agent,
    metadata: { ...(agent.metadata as Fields), annotations: { 'bulwark.dev/waivers': waiver } },
  };
  const [verdict] = judgeManifests([waived, denyAll()], '2026-01-01');
  expect(verdict?.waived.map(({ control }) => control)).toEqual(['network-policies/host-network']);
  const [alone] = judgeManifests([waived], '2026-01-01');
  expect(alone?.findings.map(({ control }) => control)).toContain('waivers/used');
});

test('misshapen objects are judged together and break nothing', () => {
  const kinds: readonly (readonly [string, string])[] = [
    ['networking.k8s.io/v1', 'NetworkPolicy'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['cilium.io/v2', 'CiliumNetworkPolicy'],
    ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
    ['gateway.networking.k8s.io/v1', 'Gateway'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['v1', 'Service'],
    ['v1', 'Pod'],
  ];
  const odd = [null, 3, 'text', [], [null], {}, { x: 1 }, [{ from: 3, to: [null], ports: [7] }]];
  for (const value of odd) {
    const spec = {
      podSelector: value,
      endpointSelector: value,
      ingress: value,
      egress: value,
      egressDeny: value,
      rules: value,
      tls: value,
      listeners: value,
      parentRefs: value,
      selector: value,
      ports: value,
      policyTypes: value,
      containers: value,
    };
    const objects = kinds.flatMap(([apiVersion, kind]) =>
      [value, spec].map((each) => ({ apiVersion, kind, metadata: each, spec: each })),
    );
    expect(() => judgeManifests([...objects, web, redis, ...open], '2026-01-01')).not.toThrow();
  }
});
