import { mergeSettings } from '../../lib/settings/merge';
import type { Placed, Setting } from '../../lib/settings/setting';

const placed = (origin: string, setting: Setting): Placed => ({ setting, origins: [origin] });
const argument = (name: string, value: string): Setting => ({
  kind: 'component-arg',
  component: 'kube-apiserver',
  name,
  value,
});
const list = (...members: string[]): Setting => ({
  kind: 'component-arg-list',
  component: 'kube-apiserver',
  name: 'enable-admission-plugins',
  members,
});

describe('merging settings', () => {
  test('an admission plugin that is added never drops one that was there', () => {
    const { settings, issues } = mergeSettings([
      placed('a/node-restriction', list('NodeRestriction')),
      placed('b/event-rate-limit', list('EventRateLimit')),
      placed('c/both', list('EventRateLimit', 'NodeRestriction')),
    ]);
    expect(issues).toEqual([]);
    expect(settings.of('component-arg-list')).toEqual([
      {
        setting: list('NodeRestriction', 'EventRateLimit'),
        origins: ['a/node-restriction', 'b/event-rate-limit', 'c/both'],
      },
    ]);
  });

  test('two controls may agree on one value', () => {
    const { settings, issues } = mergeSettings([
      placed('a/x', argument('profiling', 'false')),
      placed('b/y', argument('profiling', 'false')),
    ]);
    expect(issues).toEqual([]);
    expect(settings.of('component-arg').map(({ origins }) => origins)).toEqual([['a/x', 'b/y']]);
  });

  test('two values for one scalar are an issue that names both origins', () => {
    const { issues } = mergeSettings([
      placed('a/x', argument('profiling', 'false')),
      placed('b/y', argument('profiling', 'true')),
    ]);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({
      code: 'SETTING_CONFLICT',
      message: 'a/x and b/y set different values',
      got: '"false" and "true"',
    });
  });

  test('a scalar and a list for one argument contradict each other', () => {
    const { issues } = mergeSettings([
      placed('a/x', list('NodeRestriction')),
      placed('b/y', argument('enable-admission-plugins', 'EventRateLimit')),
    ]);
    expect(issues.map(({ code }) => code)).toEqual(['SETTING_CONFLICT']);
  });

  test('the sources of one firewall rule add up', () => {
    const rule = (...sources: string[]): Setting => ({
      kind: 'firewall-rule',
      port: 6443,
      purpose: 'API server',
      roles: ['control-plane'],
      sources,
    });
    const { settings } = mergeSettings([placed('a/x', rule('10.0.0.0/8')), placed('b/y', rule('192.0.2.1'))]);
    expect(settings.of('firewall-rule')[0]?.setting.sources).toEqual(['10.0.0.0/8', '192.0.2.1']);
  });
});
