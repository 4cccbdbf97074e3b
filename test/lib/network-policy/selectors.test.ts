import { contains } from '../../../lib/network-policy/addresses';
import { formatSelector, selects } from '../../../lib/network-policy/labels';
import { commonPorts, formatPorts, type PortRange, withoutPorts } from '../../../lib/network-policy/ports';

describe('a label selector', () => {
  const labels = { app: 'web', tier: 'front' };
  const by = (operator: string, key: string, ...values: readonly string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  test.each([
    ['nothing asked', {}, true],
    ['all labels', { matchLabels: labels }, true],
    ['one label of two', { matchLabels: { app: 'web', tier: 'back' } }, false],
    ['In', by('In', 'tier', 'front', 'back'), true],
    ['In others', by('In', 'tier', 'back'), false],
    ['In without the label', by('In', 'zone', 'a'), false],
    ['NotIn', by('NotIn', 'tier', 'front'), false],
    ['NotIn without the label', by('NotIn', 'zone', 'a'), true],
    ['Exists', by('Exists', 'tier'), true],
    ['Exists without the label', by('Exists', 'zone'), false],
    ['DoesNotExist', by('DoesNotExist', 'tier'), false],
    ['an operator that there is not', by('Gt', 'tier', '1'), false],
  ])('%s', (_name, selector, selected) => {
    expect(selects(selector, labels)).toBe(selected);
  });

  test('as text', () => {
    expect(formatSelector({ matchLabels: labels, ...by('NotIn', 'zone', 'a', 'b') })).toBe(
      'app=web,tier=front,zone notin (a, b)',
    );
  });
});

test.each([
  ['169.254.0.0/16', '169.254.169.254', true],
  ['0.0.0.0/0', '10.0.0.0/8', true],
  ['10.0.0.0/8', '0.0.0.0/0', false],
  ['10.1.0.0/16', '10.2.0.1', false],
  ['fd00::/8', 'fd00:ec2::254', true],
  ['0.0.0.0/0', 'fd00::1', false],
  ['no address', '10.0.0.1', false],
])('%s holds %s: %s', (block, inner, holds) => {
  expect(contains(block, inner)).toBe(holds);
});

test('ports are cut and joined', () => {
  const tcp = (from: number, to = from): PortRange => ({ protocol: 'TCP', from, to });
  expect(formatPorts(commonPorts([tcp(1, 100)], [tcp(50, 200), { protocol: 'UDP', from: 60, to: 60 }]))).toBe(
    '50-100/TCP',
  );
  expect(formatPorts(withoutPorts([tcp(1, 100)], [tcp(50)]))).toBe('1-49/TCP, 51-100/TCP');
  expect(formatPorts([tcp(80), tcp(81), tcp(443)])).toBe('80-81/TCP, 443/TCP');
});
