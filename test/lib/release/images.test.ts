import { execFileSync } from 'node:child_process';
import { imagesOf, minors, releases } from '../../../lib/release';
import { describeWith } from '../../support/judges';

const release = releases['1.36'];

describe('a release', () => {
  test.each(minors)('%s names a patch of its minor', (minor) => {
    expect(releases[minor].kubernetes).toMatch(new RegExp(`^${minor.replace('.', '\\.')}\\.\\d+$`));
  });
});

describeWith('the images of a release, as kubeadm lists them', ['kubeadm'], ({ kubeadm }) => {
  test('are the ones that we name', () => {
    const list = execFileSync(kubeadm, ['config', 'images', 'list', '--kubernetes-version', `v${release.kubernetes}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { ciliumAgent, ciliumOperator, metricsServer, ...images } = imagesOf(release);
    expect(list.trim().split('\n').sort()).toEqual(Object.values(images).sort());
    expect([ciliumAgent, ciliumOperator].filter((image) => !image.endsWith(`:v${release.cilium}`))).toEqual([]);
    expect(metricsServer).toMatch(new RegExp(`:v${release.metricsServer}$`));
  });
});
