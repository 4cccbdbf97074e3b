import type { Recipe } from '../recipe';
import { busyboxApplets } from './busybox';

/**
 * What the three-tier example runs in tests: Redis, and for the tiers before it a shell whose programs look up names
 * (those of a static busybox cannot).
 */
export function redisRecipes(): Recipe[] {
  return [
    {
      kind: 'image',
      name: 'redis',
      version: '7',
      origin: 'Debian packages redis-server and busybox',
      group: 'test',
      expectedSeconds: 30,
      reference: 'bulwark.dev/test/redis:7',
      root: {
        programs: {},
        debian: { packages: ['redis-server', 'busybox'], unpackedOnly: true },
        links: {
          '/bin/sh': 'busybox',
          ...Object.fromEntries(busyboxApplets.map((applet) => [`/usr/local/bin/${applet}`, '/bin/busybox'])),
        },
      },
      config: { entrypoint: ['/usr/bin/redis-server'] },
    },
  ];
}
