import { publicServer } from '../../lib/gateway';
import { parseSpec } from '../../lib/spec/parse';
import { specInput } from '../support/spec';

const endpoint = { host: '192.0.2.11', port: 6443 };
const { spec } = parseSpec(specInput(), { today: '2026-01-01', controlIds: [] });
const gateway = {
  name: 'gateway',
  hostKey: 'ssh-ed25519 AAAA',
  ssh: { user: 'root', port: 22 },
  outside: { interface: 'eth0', address: '198.51.100.2/24' },
  inside: { interface: 'eth1', address: '192.0.2.1/24' },
  publish: [],
};

test('clients outside reach the API server at the gateway, where there is one', () => {
  expect(publicServer({ spec, endpoint })).toBe('https://192.0.2.11:6443');
  expect(publicServer({ spec: { ...spec, gateway }, endpoint })).toBe('https://198.51.100.2:6443');
});

test('an address of IPv6 is in brackets', () => {
  expect(publicServer({ spec, endpoint: { host: '2001:db8::1', port: 443 } })).toBe('https://[2001:db8::1]:443');
});
