import { removalCommands } from '../../lab/netavark-rules';

// As `iptables -t nat -S` prints it after Podman's last container, beside a rule of somebody else's.
const listing = `-P PREROUTING ACCEPT
-P POSTROUTING ACCEPT
-N NETAVARK-HOSTPORT-DNAT
-N NETAVARK-HOSTPORT-MASQ
-A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT
-A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE
-A POSTROUTING -j NETAVARK-HOSTPORT-MASQ
-A NETAVARK-HOSTPORT-MASQ -m comment --comment "netavark portfw masq mark" -m mark --mark 0x2000/0x2000 -j MASQUERADE
`;

test('Podman’s rules go before their chains, quoted words stay whole and other rules stay', () => {
  expect(removalCommands(listing)).toEqual([
    ['-D', 'PREROUTING', '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'NETAVARK-HOSTPORT-DNAT'],
    ['-D', 'POSTROUTING', '-j', 'NETAVARK-HOSTPORT-MASQ'],
    [
      ...['-D', 'NETAVARK-HOSTPORT-MASQ', '-m', 'comment', '--comment', 'netavark portfw masq mark'],
      ...['-m', 'mark', '--mark', '0x2000/0x2000', '-j', 'MASQUERADE'],
    ],
    ['-X', 'NETAVARK-HOSTPORT-DNAT'],
    ['-X', 'NETAVARK-HOSTPORT-MASQ'],
  ]);
});
