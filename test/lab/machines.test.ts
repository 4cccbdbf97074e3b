import { limits } from '../../lab/machines';

const table = (
  files: string,
  processes: string,
) => `Limit                     Soft Limit           Hard Limit           Units
Max processes             ${processes}                ${processes}                processes
Max open files            1024                ${files}                files
`;

describe('limits of a machine', () => {
  test('are not above this computer’s own, which root cannot raise everywhere', () => {
    expect(limits(table('20000', '4000'), 32768)).toEqual(['--ulimit=nofile=20000:20000', '--ulimit=nproc=4000:4000']);
  });

  test('are not above what Podman leaves itself', () => {
    expect(limits(table('2000000', '96365'), 32768)).toEqual([
      '--ulimit=nofile=1048576:1048576',
      '--ulimit=nproc=32768:32768',
    ]);
  });

  test('are finite where this computer has none', () => {
    expect(limits(table('unlimited', 'unlimited'), 4194304)).toEqual([
      '--ulimit=nofile=1048576:1048576',
      '--ulimit=nproc=4194304:4194304',
    ]);
  });
});
