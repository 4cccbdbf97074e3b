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
const inputs = { name: 'play', workers: 1, stateDirectory: '.bulwark/play', destroyMachines: false };

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
  const node = (role: string, state: string) => ({ role, state });
  const nodes = [node('control-plane', 'running'), node('worker', 'stopped')];
  labStatus.mockResolvedValue({ nodes } as unknown as Awaited<ReturnType<typeof labStatus>>);
  const stopped = await labResource.read('play', inputs, say);
  expect(stopped.inputs).toMatchObject({ workers: 0 });
  expect(labResource.differs(stopped.state, inputs)).toBe(true);
  labStatus.mockResolvedValue(undefined);
  expect((await labResource.read('play', inputs, say)).inputs).toMatchObject({ workers: 0 });
});

test('machines are removed only where that was asked for', async () => {
  await labResource.delete('play', inputs, say);
  expect(labDown).not.toHaveBeenCalled();
  expect(said).toEqual([expect.stringContaining('bulwark lab down --name play')]);
  await labResource.delete('play', { ...inputs, destroyMachines: true }, say);
  expect(labDown).toHaveBeenCalledWith('play', expect.any(Function));
});
