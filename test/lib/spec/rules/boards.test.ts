import { clusterSpecSchema } from '../../../../lib/spec/cluster-spec';
import { boards } from '../../../../lib/spec/rules/boards';
import { specInput } from '../../../support/spec';

const options = { today: '2026-01-01', controlIds: [] };
const judge = (board: 'pi-3' | 'pi-4' | 'pi-5', role: 'control-plane' | 'worker') =>
  boards({ nodes: [{ role, platform: { board } }] }, options).map(({ code, path }) => `${code} ${path.join('.')}`);

test('a board that is too small for a control plane is refused as one', () => {
  expect(judge('pi-3', 'worker')).toEqual([]);
  expect(judge('pi-4', 'control-plane')).toEqual([]);
  expect(judge('pi-5', 'control-plane')).toEqual([]);
  expect(judge('pi-3', 'control-plane')).toEqual(['SPEC_BOARD_ROLE nodes.0.role']);
});

test('a class that does not exist is no spec', () => {
  const [node] = specInput().nodes;
  const withBoard = (board: string) =>
    clusterSpecSchema.safeParse({ ...specInput(), nodes: [{ ...node, platform: { board } }] }).success;
  expect(withBoard('pi-4')).toBe(true);
  expect(withBoard('pi-2')).toBe(false);
});
