import type { Recipe } from '../recipe';

/** What tests and attacks run inside pods. */
export const busyboxApplets =
  'base64 cat chmod chroot cp cut date dd df echo env find grep head hostname httpd id ifconfig ip kill ln ls mkdir mknod mount mv nc netstat nslookup ping printf ps rm route sed sh sleep sort stat tail tar tee telnet test timeout touch tr true umount uname vi wc wget whoami xargs'.split(
    ' ',
  );

/** The image that attacks and tests start pods from. */
export function busyboxRecipes(): Recipe[] {
  return [
    {
      kind: 'image',
      name: 'busybox',
      version: '1',
      origin: 'Debian package busybox-static',
      group: 'test',
      expectedSeconds: 5,
      reference: 'bulwark.dev/test/busybox:1',
      root: {
        programs: { '/bin/busybox': { from: 'debian', package: 'busybox-static', file: 'bin/busybox' } },
        links: Object.fromEntries(busyboxApplets.map((applet) => [`/bin/${applet}`, 'busybox'])),
      },
      config: { command: ['/bin/sh'] },
    },
  ];
}
