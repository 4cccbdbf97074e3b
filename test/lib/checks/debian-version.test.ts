import { execFileSync } from 'node:child_process';
import { compareDebianVersions } from '../../../lib/checks/debian-version';
import { describeWith } from '../../support/judges';

const versions = [
  '1.0',
  '1:0.9',
  '1.0~rc1',
  '1.0~rc1~git2',
  '1.0-1',
  '1.0-1+deb12u2',
  '1.0-1+deb12u10',
  '1.0-1~bpo12+1',
  '1.0a',
  '1.0+a',
  '1.00-01',
  '1.9.13p3-1+deb12u2',
  '1:9.2p1-2+deb12u3',
  '2.36-9+deb12u4',
  '2:2.36-9-9',
];

describeWith('versions of Debian packages', ['dpkg'], ({ dpkg }) => {
  test('have the order that dpkg gives them', () => {
    const says = (a: string, b: string): number => {
      const holds = (relation: string) => {
        try {
          execFileSync(dpkg, ['--compare-versions', a, relation, b]);
          return true;
        } catch {
          return false;
        }
      };
      return holds('lt') ? -1 : holds('gt') ? 1 : 0;
    };
    const pairs = versions.flatMap((a) => versions.map((b) => [a, b] as const));
    const wrong = pairs.filter(([a, b]) => Math.sign(compareDebianVersions(a, b)) !== says(a, b));
    expect(wrong).toEqual([]);
  });
});
