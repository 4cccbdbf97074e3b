import { accessOf, roleOfHost } from '../../../lib/foreign/inventory-access';

const jump = { user: 'ops', address: 'bastion.example.org', port: 2222 };

test.each([
  '-J ops@bastion.example.org:2222',
  '-Jops@bastion.example.org:2222 -o ConnectTimeout=5',
  '-o ProxyJump=ops@bastion.example.org:2222',
  '-o "ProxyJump ops@bastion.example.org:2222"',
  '-oProxyJump=ssh://ops@bastion.example.org:2222',
  '-o ProxyCommand="ssh -W %h:%p -q -p 2222 ops@bastion.example.org"',
  "-o ProxyCommand='ssh -i ~/.ssh/key -o StrictHostKeyChecking=yes -p2222 -l ops -W %h:%p bastion.example.org'",
  '-o ControlMaster=auto -o ProxyCommand="/usr/bin/ssh ops@bastion.example.org -p 2222 -W %h:%p"',
])('a jump host is found in %s', (args) => {
  expect(accessOf({ ansible_ssh_common_args: args })).toEqual({ jump });
});

test.each([
  '-J a,b',
  '-o ProxyCommand="nc -X connect %h %p"',
  '-J {{ bastion }}',
  '-o ProxyCommand="ssh bastion nc %h %p"',
])('what is more than one jump host is named, not guessed: %s', (args) => {
  expect(accessOf({ ansible_ssh_common_args: args })).toEqual({ unreadable: args });
});

test('no jump host, and the other variables', () => {
  expect(accessOf({ ansible_ssh_common_args: '-o ProxyCommand=none -o ConnectTimeout=5' })).toEqual({});
  expect(accessOf({ ansible_user: 'ops', ansible_become: 'yes', ansible_ssh_private_key_file: '~/.ssh/key' })).toEqual({
    user: 'ops',
    become: 'sudo',
    identityFile: '~/.ssh/key',
  });
  expect(accessOf({ ansible_become: false })).toEqual({ become: 'none' });
});

test('groups tell the role', () => {
  const role = (...groups: readonly string[]) => roleOfHost({ groups });
  expect([role('control_plane'), role('kube_control_plane', 'all'), role('masters'), role('workers')]).toEqual([
    'control-plane',
    'control-plane',
    'control-plane',
    'worker',
  ]);
});

test('files of host keys that the arguments name are read, those of the jump host too', () => {
  const read = (args: string) => accessOf({ ansible_ssh_common_args: args }).knownHosts;
  expect(read('-o UserKnownHostsFile=~/keys -J a')).toEqual(['~/keys']);
  expect(read('-oUserKnownHostsFile=/a -o "userknownhostsfile /never"')).toEqual(['/a']);
  expect(read('-o "UserKnownHostsFile=/a /b" -o ProxyCommand="ssh -o UserKnownHostsFile=/c -W %h:%p host"')).toEqual([
    '/a',
    '/b',
    '/c',
  ]);
  expect([read('-o UserKnownHostsFile=none'), read('-o StrictHostKeyChecking=no')]).toEqual([undefined, undefined]);
});
