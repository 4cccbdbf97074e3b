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
