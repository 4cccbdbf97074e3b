import { execFileSync } from 'node:child_process';
import {
  at,
  clientCertificateDemanded,
  connectOpen,
  connectRefused,
  firewallGuards,
  httpBody,
  httpStatus,
  listenerAbsent,
  listenerLoopbackAtMost,
  listenerNotWildcard,
  listenerOnlyLoopback,
  processOnlyOnLoopback,
  tlsIssuer,
  tlsRefused,
} from '../../../lib/checks';
import type { Json } from '../../../lib/settings/setting';
import { describeWith } from '../../support/judges';

const scope = 'control-plane';
const address = '192.0.2.11:2379';

describe('httpStatus', () => {
  const { judge } = httpStatus({ scope, url: 'https://192.0.2.11:6443/version', status: [401] });

  test('passes for the status only', () => {
    expect(judge({ status: 401, body: '' }).verdict).toBe('pass');
    expect(judge({ status: 200, body: '{}' })).toEqual({ verdict: 'fail', observed: '200' });
  });

  test('fails without an answer, and says why', () => {
    expect(judge({ status: 0, body: '', error: 'timed out' })).toEqual({
      verdict: 'fail',
      observed: 'no answer: timed out',
    });
  });
});

describe('httpBody', () => {
  const { judge, expected, probe } = httpBody({
    scope,
    socket: '/run/agent.sock',
    url: 'http://localhost/v1/config',
    keep: ['mode'],
    holds: (body) => at(body, 'mode') === 'always',
    expected: 'the agent enforces',
  });

  test('says what is asked where', () => {
    expect(expected).toBe('GET /v1/config at /run/agent.sock: the agent enforces');
    expect(probe).toMatchObject({ socket: '/run/agent.sock', keep: ['mode'] });
  });

  test.each([
    ['pass', 200, '{"mode":"always"}'],
    ['fail', 200, '{"mode":"never"}'],
    ['fail', 200, '{}'],
    ['fail', 200, 'mode: always'],
    ['fail', 200, ''],
    ['fail', 500, '{"mode":"always"}'],
    ['fail', 0, ''],
  ])('%s for %d %s', (verdict, status, body) => {
    expect(judge({ status, body }).verdict).toBe(verdict);
  });
});

describe('tlsRefused', () => {
  const { judge } = tlsRefused({ scope, address, maximum: '1.1' });

  test.each(['TLSV1_ALERT_PROTOCOL_VERSION', 'tlsv1 alert protocol version', 'SSLV3_ALERT_HANDSHAKE_FAILURE'])(
    'passes for the alert %s',
    (error) => {
      expect(judge({ accepted: false, error }).verdict).toBe('pass');
    },
  );

  test.each([
    ['a closed port', 'Connection refused'],
    ['silence', 'timed out'],
    ['a kubelet without certificate', 'TLSV1_ALERT_INTERNAL_ERROR'],
    ['a client that cannot offer this', 'NO_PROTOCOLS_AVAILABLE'],
    ['a demand for a client certificate', 'SSLV3_ALERT_BAD_CERTIFICATE'],
    ['nothing', undefined],
  ])('fails for %s', (_, error) => {
    expect(judge({ accepted: false, error }).verdict).toBe('fail');
  });

  test('fails when the offer is taken', () => {
    expect(judge({ accepted: true, version: 'TLSv1.1', cipher: 'AES128-SHA' })).toEqual({
      verdict: 'fail',
      observed: 'accepted TLSv1.1 AES128-SHA',
    });
  });
});

describe('clientCertificateDemanded', () => {
  const { judge } = clientCertificateDemanded({ scope, address });

  test('passes for the demand only', () => {
    expect(judge({ accepted: false, error: 'SSLV3_ALERT_BAD_CERTIFICATE' }).verdict).toBe('pass');
    expect(judge({ accepted: false, error: 'TLSV13_ALERT_CERTIFICATE_REQUIRED' }).verdict).toBe('pass');
    // What Go answers in TLS 1.2.
    expect(judge({ accepted: false, error: 'SSLV3_ALERT_HANDSHAKE_FAILURE' }).verdict).toBe('pass');
    expect(judge({ accepted: false, error: 'TLSV1_ALERT_PROTOCOL_VERSION' }).verdict).toBe('fail');
    expect(judge({ accepted: false, error: 'Connection refused' }).verdict).toBe('fail');
    expect(judge({ accepted: true, version: 'TLSv1.2' }).verdict).toBe('fail');
  });
});

describe('tlsIssuer', () => {
  const { judge } = tlsIssuer({ scope, address, issuer: /^CN=kubernetes$/, issuerText: 'ours' });

  test('passes for the issuer only', () => {
    expect(judge({ accepted: true, issuer: 'CN=kubernetes' }).verdict).toBe('pass');
    expect(judge({ accepted: true, issuer: 'CN=node-1-ca@1769000000' }).verdict).toBe('fail');
    expect(judge({ accepted: true }).verdict).toBe('fail');
    expect(judge({ accepted: false, issuer: 'CN=kubernetes', error: 'x' }).verdict).toBe('fail');
  });
});

describe('listeners', () => {
  const tcp = (address: string, port: number, process = 'x') => ({ protocol: 'tcp' as const, address, port, process });

  test('loopback only means every listener of the port, and at least one', () => {
    const { judge } = listenerOnlyLoopback({ scope, port: 10257 });
    expect(judge([tcp('127.0.0.1', 10257), tcp('::1', 10257)]).verdict).toBe('pass');
    expect(judge([tcp('127.0.0.1', 10257), tcp('0.0.0.0', 10257)]).verdict).toBe('fail');
    expect(judge([tcp('127.0.0.1', 10259)]).verdict).toBe('fail');
    expect(judge([]).verdict).toBe('fail');
  });

  test('a wildcard address is open in every spelling', () => {
    const { judge } = listenerNotWildcard({ scope, port: 2379 });
    expect(judge([tcp('127.0.0.1', 2379), tcp('192.0.2.11', 2379)]).verdict).toBe('pass');
    for (const open of ['0.0.0.0', '::', '*']) expect(judge([tcp(open, 2379)]).verdict).toBe('fail');
    expect(judge([]).verdict).toBe('fail');
  });

  test('absence needs a list that was really seen', () => {
    const { judge } = listenerAbsent({ scope, port: 10255 });
    expect(judge([tcp('0.0.0.0', 10250)]).verdict).toBe('pass');
    expect(judge([tcp('0.0.0.0', 10255)]).verdict).toBe('fail');
    expect(judge([]).verdict).toBe('fail');
  });

  test('loopback at most takes nobody for good, and needs a list that was really seen', () => {
    const { judge } = listenerLoopbackAtMost({ scope, port: 10249 });
    expect(judge([tcp('0.0.0.0', 10250)])).toEqual({ verdict: 'pass', observed: 'closed' });
    expect(judge([tcp('127.0.0.1', 10249)]).verdict).toBe('pass');
    expect(judge([tcp('127.0.0.1', 10249), tcp('::', 10249)]).verdict).toBe('fail');
    expect(judge([]).verdict).toBe('fail');
  });

  test('a program is found on any port', () => {
    const { judge } = processOnlyOnLoopback({ scope, process: 'containerd' });
    expect(judge([tcp('127.0.0.1', 39000, 'containerd')]).verdict).toBe('pass');
    expect(judge([tcp('0.0.0.0', 2375, 'containerd')]).verdict).toBe('fail');
  });
});

test('a connection passes by being refused, not by an error of the probe', () => {
  const { judge } = connectRefused({ scope, target: 'node:cp-1', port: 2379 });
  expect(judge({ result: 'refused' }).verdict).toBe('pass');
  expect(judge({ result: 'timeout' }).verdict).toBe('pass');
  expect(judge({ result: 'open' }).verdict).toBe('fail');
  expect(judge({ result: 'error' }).verdict).toBe('fail');
});

test('a connection that must open passes by opening only', () => {
  const { judge } = connectOpen({ scope, target: 'node:cp-1', port: 2379 });
  expect(judge({ result: 'open' }).verdict).toBe('pass');
  for (const result of ['refused', 'timeout', 'error'] as const) expect(judge({ result }).verdict).toBe('fail');
});

test('a firewall without a table of ours is a fail', () => {
  expect(firewallGuards({ scope, port: 6443 }).judge({ present: false, chains: [] }).verdict).toBe('fail');
  expect(firewallGuards({ scope, port: 6443 }).judge({ present: true, chains: null }).verdict).toBe('fail');
});

describeWith('firewall rules as nft lists them', ['nft', 'unshare'], ({ nft, unshare }) => {
  /** Loads rules into a network namespace of their own and lists them. */
  function listed(rules: string): Json {
    const table = `table inet bulwark {\n  chain input {\n    type filter hook input priority filter; policy accept;\n${rules}\n  }\n}\n`;
    const script = '"$0" -f - && "$0" -j list table inet bulwark';
    const printed = execFileSync(unshare, ['--map-root-user', '--net', 'sh', '-c', script, nft], { input: table });
    return JSON.parse(printed.toString());
  }
  const verdict = (rules: string, port: number) =>
    firewallGuards({ scope, port }).judge({ present: true, chains: listed(rules) }).verdict;

  test('pass where the port is dropped but for named sources', () => {
    const rules = `
      tcp dport 6443 ip saddr { 192.0.2.0/24, 198.51.100.7 } accept
      tcp dport 2379-2380 ip saddr 192.0.2.11 accept
      tcp dport { 2379-2380, 6443 } counter drop`;
    expect(verdict(rules, 6443)).toBe('pass');
    expect(verdict(rules, 2380)).toBe('pass');
    expect(verdict(rules, 10250)).toBe('fail');
  });

  test('tell protocols apart', () => {
    const guarded = 'udp dport 8472 ip saddr 192.0.2.0/24 accept\n udp dport { 8472 } drop';
    const { judge } = firewallGuards({ scope, port: 8472, protocol: 'udp' });
    expect(judge({ present: true, chains: listed(guarded) }).verdict).toBe('pass');
    expect(judge({ present: true, chains: listed('tcp dport 8472 drop') }).verdict).toBe('fail');
    expect(verdict(guarded, 8472)).toBe('fail');
  });

  test('fail where a rule opens the port to everybody', () => {
    expect(verdict('tcp dport 6443 accept\n tcp dport 6443 drop', 6443)).toBe('fail');
  });

  test('fail where nothing drops', () => {
    expect(verdict('tcp dport 6443 ip saddr 192.0.2.0/24 accept', 6443)).toBe('fail');
  });
});
