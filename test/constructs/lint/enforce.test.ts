import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, type App, Chart, Include, Testing } from 'cdk8s';
import { enforceHardening, HardenedDeployment, judgeConstructs, toSarif } from '../../../constructs';
import { image } from '../workloads/workload-fixture';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-enforce-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'open' }, spec: { type: 'NodePort' } };

function appWith(fill: (chart: Chart) => void): App {
  const app = Testing.app();
  fill(new Chart(app, 'team'));
  return app;
}

describe('an app that enforces hardening', () => {
  const enforced = (fill: (chart: Chart) => void) => () => {
    const app = appWith(fill);
    enforceHardening(app);
    return app.synthYaml();
  };

  test('does not synthesize a raw object that opens a node, and says where it is made', () => {
    expect(enforced((chart) => new ApiObject(chart, 'raw', service))).toThrow(
      /team\/raw: error: Service open: spec\.type: .*\[services\/node-port\]/,
    );
  });

  test('does not synthesize included YAML that does', () => {
    const url = join(folder, 'included.yaml');
    writeFileSync(url, JSON.stringify(service));
    expect(enforced((chart) => new Include(chart, 'included', { url }))).toThrow('team/included/open-service: error');
  });

  describe('and whose parts together are a way up', () => {
    const account = { kind: 'ServiceAccount', name: 'deployer', namespace: 'shop' };
    const rbac = 'rbac.authorization.k8s.io';
    const deployer = (chart: Chart, waivers?: string) => {
      const metadata = { name: 'deployer', namespace: 'shop' };
      new ApiObject(chart, 'account', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
      new ApiObject(chart, 'role', {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRole',
        metadata: { name: 'deployer' },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }],
      });
      new ApiObject(chart, 'binding', {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: 'deployer', ...(waivers && { annotations: { 'bulwark.dev/waivers': waivers } }) },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'deployer' },
        subjects: [account],
      });
    };
    const way = 'ServiceAccount shop/deployer → list secrets → Secrets of every namespace'.replace('list', 'get');

    test('does not synthesize, and prints the chain, its fix and where it begins', () => {
      expect(enforced(deployer)).toThrow(
        `team/binding: error: ClusterRoleBinding deployer: subjects[0]: ${way}. Fix: take get secrets from the role of ClusterRoleBinding deployer`,
      );
    });

    test('synthesizes what a waiver of the binding covers', () => {
      const waiver = 'escalation/secrets: the deployer copies certificates (platform, until 2999-01-01)';
      expect(enforced((chart) => deployer(chart, waiver))()).toContain('kind: ClusterRoleBinding');
    });

    test('synthesizes what a baseline knows, and nothing else', () => {
      const known = join(folder, 'known.json');
      const write = (chain: string) => {
        const accepted = [{ control: 'escalation/secrets', chain }];
        writeFileSync(known, JSON.stringify({ schema: 'bulwark.dev/escalation-baseline/v1', accepted }));
        const app = appWith((chart) => deployer(chart));
        enforceHardening(app, { escalationBaseline: known });
        return () => app.synthYaml();
      };
      expect(write(way)()).toContain('kind: ClusterRoleBinding');
      expect(write('another way')).toThrow('[escalation/secrets]');
    });

    test('says that a baseline is missing', () => {
      const app = appWith((chart) => deployer(chart));
      enforceHardening(app, { escalationBaseline: join(folder, 'none.json') });
      expect(() => app.synthYaml()).toThrow('there is no such file');
    });
  });

  test('synthesizes what is hardened, and objects that only warnings are about', () => {
    const hardened = enforced((chart) => {
      new HardenedDeployment(chart, 'web', { containers: [{ image, portNumber: 80 }] });
    });
    expect(hardened()).toContain('kind: Deployment');
    const claim = { apiVersion: 'v1', kind: 'ConfigMap', data: { colour: 'green' } };
    expect(enforced((chart) => new ApiObject(chart, 'settings', claim))()).toContain('colour: green');
  });
});

test('the same app without enforcement synthesizes, and the finding tells construct, path, control and fix', () => {
  const app = appWith((chart) => new ApiObject(chart, 'raw', service));
  expect(app.synthYaml()).toContain('NodePort');
  const findings = judgeConstructs(app);
  expect(findings).toEqual([
    {
      construct: 'team/raw',
      control: 'services/node-port',
      severity: 'error',
      path: 'spec.type',
      message: 'a NodePort opens a port on every node',
      fix: expect.stringContaining('ClusterIP'),
      object: { apiVersion: 'v1', kind: 'Service', name: 'open' },
    },
  ]);
  expect(toSarif(findings)).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'bulwark', rules: [{ id: 'services/node-port' }] } },
        results: [
          {
            ruleId: 'services/node-port',
            level: 'error',
            locations: [{ logicalLocations: [{ fullyQualifiedName: 'team/raw' }] }],
          },
        ],
      },
    ],
  });
});
