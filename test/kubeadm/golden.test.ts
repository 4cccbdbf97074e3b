import { join } from 'node:path';
import { checkBundle, writeBundle } from '../../kubeadm';
import { goldenBundle, goldenCases, goldenDirectory } from '../support/golden-bundles';

// `UPDATE_GOLDEN=1 npx jest test/kubeadm/golden` writes the files anew; the diff is then reviewed like any other.
describe.each(goldenCases)('the bundle of %s', (name) => {
  test('is what test/golden holds', () => {
    const directory = join(goldenDirectory, name, 'bundle');
    const bundle = goldenBundle(name);
    if (process.env.UPDATE_GOLDEN) writeBundle(bundle, directory);
    expect(checkBundle(bundle, directory)).toBe('');
  });
});
