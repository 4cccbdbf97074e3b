import type { Finding, Rule } from '../finding';

const hasCredentials = (url: string): boolean => {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
};

/** How machines and registries are reached: root is needed, and a spec holds no password. */
export const access: Rule = ({ ssh, nodes = [], networking, registry }) => {
  const urls = [
    { url: networking?.httpProxy?.url, path: ['networking', 'httpProxy', 'url'] },
    { url: registry?.mirror, path: ['registry', 'mirror'] },
  ];
  const credentials = urls.flatMap(({ url, path }): Finding[] =>
    url === undefined || !hasCredentials(url)
      ? []
      : [
          {
            code: 'SPEC_CREDENTIALS_IN_URL',
            path,
            message: 'a spec is reviewed and committed, so it holds no password',
            got: 'a URL with user information',
            allowed: 'a URL without user information',
            fix: 'take the credentials out and let the proxy or mirror admit the nodes by address',
          },
        ],
  );
  const become = nodes.flatMap((node, index): Finding[] => {
    const user = node?.ssh?.user ?? ssh?.user ?? 'root';
    if ((node?.ssh?.become ?? ssh?.become) !== 'none' || user === 'root') return [];
    return [
      {
        code: 'SPEC_NO_ROOT',
        path: node?.ssh?.become ? ['nodes', index, 'ssh', 'become'] : ['ssh', 'become'],
        message: `${user} would not become root, without which a node cannot be set up`,
        got: 'none',
        allowed: 'sudo',
        fix: 'write `become: sudo`, or log in as root',
      },
    ];
  });
  return [...credentials, ...become];
};
