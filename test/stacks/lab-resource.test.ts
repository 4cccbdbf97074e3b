import { join } from 'node:path';
import * as artifacts from '../../apply/artifacts';
import * as lab from '../../lab';
import { HardeningError } from '../../lib/errors';
import { labResource } from '../../stacks/provider/lab-resource';

// What needs Podman is stood in for.
jest.mock('../../apply/artifacts', () => ({ ensureArtifacts: jest.fn() }));
jest.mock('../../lab', () => ({ labDown: jest.fn(), labStatus: jest.fn(), labUp: jest.fn() }));
const { ensureArtifacts } = jest.mocked(artifacts);
const { labDown, labStatus, labUp } = jest.mocked(lab);

const said: string[] = [];
const say = (text: string) => said.push(text);
const given = { workers: 1, destroyMachines: false };
const of = { stack: 'dev', type: 'bulwark:index:Lab', name: 'play' };
const machines = { 'cp-1': 'running', 'worker-1': 'running' };
const inputs = { ...given, name: 'play', stateDirectory: '.bulwark/dev/play', machines };
/** What Podman says of the lab's machines. */
const found = (machines: Readonly<Record<string, string>>, stateDirectory: string) => {
  const nodes = Object.entries(machines).map(([name, state]) => ({ name, state }));
  const ssh = { identityFile: join(process.cwd(), stateDirectory, 'machines/identity') };
  labStatus.mockResolvedValue({ nodes, ssh } as unknown as Awaited<ReturnType<typeof labStatus>>);
};

beforeEach(() => {
  said.length = 0;
  jest.resetAllMocks();
  ensureArtifacts.mockResolvedValue({ directory: '/artifacts' } as Awaited<ReturnType<typeof ensureArtifacts>>);
});

test('machines are named as the lab names them, and what stops them fails the creation', async () => {
  const issue = { code: 'LAB_NEEDS_ROOT', message: 'a machine needs root on this computer' };
  labUp.mockRejectedValue(new HardeningError('prerequisite', [issue]));
  await expect(labResource.create(inputs, say)).rejects.toThrow('needs root');
  expect(labUp.mock.calls[0]?.[0]).toMatchObject({
    name: 'play',
    artifactsDirectory: '/artifacts',
    nodes: [
      { name: 'cp-1', role: 'control-plane' },
      { name: 'worker-1', role: 'worker' },
    ],
  });
});

test('node software that cannot be built fails the creation before a machine is made', async () => {
  ensureArtifacts.mockRejectedValue(new HardeningError('artifact', [{ code: 'BUILD', message: 'go build failed' }]));
  await expect(labResource.create(inputs, say)).rejects.toThrow('go build failed');
  expect(labUp).not.toHaveBeenCalled();
});

test('a machine that stopped, and a lab that is gone, are seen by a refresh', async () => {
  found(machines, '.bulwark/dev/play');
  const running = await labResource.read('play', inputs, say);
  expect(running.inputs).toEqual(inputs);
  expect(labResource.differs(running.state, inputs)).toBe(false);
  found({ 'cp-1': 'exited', 'worker-1': 'running' }, '.bulwark/dev/play');
  const stopped = await labResource.read('play', inputs, say);
  expect(stopped.inputs).toEqual({ ...inputs, machines: { ...machines, 'cp-1': 'exited' } });
  expect(labResource.differs(stopped.state, inputs)).toBe(true);
  labStatus.mockResolvedValue(undefined);
  const gone = await labResource.read('play', inputs, say);
  expect(gone.inputs).toMatchObject({ machines: { 'cp-1': 'missing', 'worker-1': 'missing' } });
});

test('a name that a program leaves open is decided once: who renames the resource means the same machines', async () => {
  expect((await labResource.check({}, given, say, of)).inputs).toEqual(inputs);
  const renamed = await labResource.check(inputs, given, say, { ...of, name: 'other' });
  expect(renamed.inputs).toEqual(inputs);
});

test('machines of another stack are not taken over, unless the program says where their keys lie', async () => {
  found(machines, '.bulwark/test/play');
  const refused = labResource.admit?.(inputs);
  await expect(refused).rejects.toThrow(/did not make.*take it over with stateDirectory: '.*\.bulwark\/test\/play'/s);
  await labResource.admit?.({ ...inputs, stateDirectory: '.bulwark/test/play' });
});

test('machines are removed only where that was asked for', async () => {
  await labResource.delete('play', inputs, say);
  expect(labDown).not.toHaveBeenCalled();
  expect(said).toEqual([expect.stringContaining('bulwark lab down --name play')]);
  await labResource.delete('play', { ...inputs, destroyMachines: true }, say);
  expect(labDown).toHaveBeenCalledWith('play', expect.any(Function));
  expect(said.at(-1)).toMatch(/machines of lab play are removed/);
});
