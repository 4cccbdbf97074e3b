import { stringify } from 'yaml';
import { HardeningError, type Issue } from '../../../lib/errors';
import { parseSpec } from '../../../lib/spec/parse';
import { hostKeys, specInput } from '../../support/spec';

const options = { file: 'cluster.yaml', today: '2026-06-01', controlIds: ['kubelet/anonymous-auth'] };

function issuesOf(source: Parameters<typeof parseSpec>[0]): readonly Issue[] {
  try {
    parseSpec(source, options);
  } catch (error) {
    if (error instanceof HardeningError) return error.issues;
    throw error;
  }
  return [];
}

describe('a valid spec', () => {
  test('gets its defaults, from YAML as from an object', () => {
    const fromObject = parseSpec(specInput(), options).spec;
    const fromYaml = parseSpec(stringify(specInput()), options).spec;
    expect(fromYaml).toEqual(fromObject);
    expect(fromObject.kubernetesVersion).toBe('1.36');
    expect(fromObject.cni).toEqual({ name: 'cilium', encryption: 'wireguard', kubeProxyReplacement: true });
    expect(fromObject.networking.podCidr).toBe('10.244.0.0/16');
  });
});

describe('errors', () => {
  const broken = `name: example
profle: multi-team
nodes:
  - name: cp-1
    role: control-plan
    address: 192.0.2.11
    hostKey: ${hostKeys[0]}
  - name: cp-1
    role: worker
    address: 192.0.2.11
networking:
  podCidr: 10.96.0.0/12
  allowedApiCidrs: [198.51.100.0/24]
  operatorCidrs: [198.51.100.7]
waivers:
  - control: kubelet/anonymous-auht
    reason: a reason that is long enough to be read
    owner: somebody
`;

  test('are all reported at once, each with file, line, path, got, allowed and fix', () => {
    const found = issuesOf(broken);
    const brief = found.map(({ code, line, path }) => `${line} ${path} ${code}`);
    expect(brief).toEqual([
      '2 profle SPEC_UNKNOWN_KEY',
      '5 nodes[0].role SPEC_VALUE',
      '8 nodes[1].hostKey SPEC_HOST_KEY_MISSING',
      '8 nodes[1].name SPEC_DUPLICATE_NODE',
      '10 nodes[1].address SPEC_DUPLICATE_ADDRESS',
      '11 networking.serviceCidr SPEC_CIDR_OVERLAP',
      '16 waivers[0].control SPEC_WAIVER_UNKNOWN_CONTROL',
      '16 waivers[0].expires SPEC_WAIVER_UNDATED',
    ]);
    for (const issue of found) {
      expect(issue.file).toBe('cluster.yaml');
      expect(issue.got).not.toBe('');
      expect(issue.fix).toBeTruthy();
    }
  });

  test('name what was probably meant', () => {
    const fixes = Object.fromEntries(issuesOf(broken).map(({ code, fix }) => [code, fix]));
    expect(fixes.SPEC_UNKNOWN_KEY).toBe('did you mean profile?');
    expect(fixes.SPEC_VALUE).toBe('did you mean control-plane?');
    expect(fixes.SPEC_WAIVER_UNKNOWN_CONTROL).toBe('did you mean kubelet/anonymous-auth?');
  });

  test('of a missing host key say where to read it, and never offer to fetch it', () => {
    const [issue] = issuesOf(broken).filter(({ code }) => code === 'SPEC_HOST_KEY_MISSING');
    expect(issue?.fix).toContain('/etc/ssh/ssh_host_ed25519_key.pub');
    expect(issue?.fix).not.toContain('ssh-keyscan');
  });

  test('carry the message on one line each', () => {
    expect(() => parseSpec(broken, options)).toThrow(
      'cluster.yaml:2: profle: there is no such field (got profle; allowed: name, kubernetesVersion, profile,',
    );
  });

  test('of deep unknown keys list the keys of that place', () => {
    const [node] = specInput().nodes;
    const [issue] = issuesOf(specInput({ nodes: [{ ...node, adress: '192.0.2.9' } as never] }));
    expect(issue).toMatchObject({ code: 'SPEC_UNKNOWN_KEY', path: 'nodes[0].adress', fix: 'did you mean address?' });
    expect(issue?.allowed).toBe('name, role, address, hostKey, ssh, macAddress, labels, taints, platform');
  });

  test('of a union list its choices', () => {
    const [issue] = issuesOf(specInput({ cni: { name: 'calico' } as never }));
    expect(issue).toMatchObject({ code: 'SPEC_VALUE', path: 'cni.name', got: '"calico"', allowed: 'cilium, external' });
    const [extra] = issuesOf(specInput({ cni: { name: 'cilium', encription: 'none' } as never }));
    expect(extra).toMatchObject({ path: 'cni.encription', fix: 'did you mean encryption?' });
  });

  test('of types say what to write', () => {
    expect(issuesOf(specInput({ name: 5 as never }))).toMatchObject([{ code: 'SPEC_TYPE', path: 'name', got: '5' }]);
    expect(issuesOf('[]')).toMatchObject([{ code: 'SPEC_TYPE', got: '[]', allowed: 'a mapping' }]);
    expect(issuesOf('')).toMatchObject([{ code: 'SPEC_TYPE', got: 'null' }]);
  });

  test('quote keys that are no plain word', () => {
    const [node] = specInput().nodes;
    const [issue] = issuesOf(specInput({ nodes: [{ ...node, labels: { 'example.org/rack': 7 } } as never] }));
    expect(issue?.path).toBe('nodes[0].labels["example.org/rack"]');
  });
});

describe('YAML', () => {
  const valid = stringify(specInput());

  test('with a duplicate key is refused', () => {
    expect(issuesOf(`${valid}name: other\n`)).toMatchObject([
      { code: 'SPEC_DUPLICATE_KEY', line: valid.split('\n').length },
    ]);
  });

  test('with aliases is refused, bombs included, without expanding them', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`);
    const started = Date.now();
    const found = issuesOf(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(Date.now() - started).toBeLessThan(2000);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['SPEC_YAML_ALIAS']));
  });

  test('with tags, several documents or broken syntax is refused', () => {
    expect(issuesOf('name: !secret x\n').map(({ code }) => code)).toEqual(['SPEC_YAML']);
    expect(issuesOf(`${valid}---\n${valid}`).map(({ code }) => code)).toEqual(['SPEC_YAML']);
    expect(issuesOf('name: [a\nnodes: }\n')[0]).toMatchObject({ code: 'SPEC_YAML', file: 'cluster.yaml' });
  });
});

test('a spec that only asks for less than is allowed has a kind of its own', () => {
  const weaker = specInput({ namespaces: [{ name: 'legacy', level: 'privileged' }] });
  expect(() => parseSpec(weaker, options)).toThrow(expect.objectContaining({ kind: 'weaker' }));
  expect(() => parseSpec({ ...weaker, name: 'A' }, options)).toThrow(expect.objectContaining({ kind: 'spec' }));
});
