import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Inputs, runtime } from '@pulumi/pulumi';
import { parse } from 'yaml';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { artifactRequest } from '../../stacks/artifact-request';
import { hostKeys } from '../support/spec';

jest.mock('bulwark/stacks', () => jest.requireActual('../../stacks'), { virtual: true });

const folder = join(__dirname, '../../stacks/raspberry-pi');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** The example stack as the engine would hand it over, with real host keys in the place of what is to be replaced. */
function configuration(): Record<string, string> {
  const text = read('Pulumi.example.yaml').replaceAll(/hostKey: REPLACE .*/g, `hostKey: ${hostKeys[0]}`);
  const defaults = Object.entries<{ default?: unknown }>(parse(read('Pulumi.yaml')).config)
    .filter(([, declared]) => declared.default !== undefined)
    .map(([key, declared]) => [`raspberry-pi:${key}`, declared.default]);
  const values = { ...Object.fromEntries(defaults), ...parse(text).config };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

test('the example stack is the five-node cluster, whose spec has no error and no warning', async () => {
  const made: { type: string; inputs: Inputs }[] = [];
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        made.push({ type, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    'raspberry-pi',
    'home',
  );
  runtime.setAllConfig(configuration());
  require('../../stacks/raspberry-pi/index');
  await new Promise((done) => setTimeout(done, 200));

  const spec = made.find(({ type }) => type === 'bulwark:index:Cluster')?.inputs.spec as ClusterSpecInput;
  const controlIds = catalogue.map(({ id }) => id);
  const parsed = parseSpec(spec, { today: '2026-01-01', controlIds });
  expect(parsed.warnings).toEqual([]);
  expect(parsed.spec.nodes.map(({ name, role, platform }) => `${name} ${role} ${platform?.board}`)).toEqual([
    'pi-1 worker pi-4',
    'pi-2 worker pi-4',
    'pi-3 worker pi-4',
    'pi-4 worker pi-4',
    'pi-5 control-plane pi-4',
  ]);
  const { cluster, controls } = resolve(parsed.spec, catalogue);
  expect(controls.map(({ id }) => id)).toEqual(expect.arrayContaining(['board/clock', 'board/etcd-disk']));
  expect(artifactRequest(cluster).arch).toBe('arm64');
});
