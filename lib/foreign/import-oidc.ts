import { parse } from 'yaml';
import { flagValues } from '../checks/arguments';
import { at, list, show } from '../checks/values';
import type { Json } from '../settings/setting';
import type { ClusterSpecInput } from '../spec/cluster-spec';
import { httpsUrl } from '../spec/primitives';
import type { Seen } from './cluster-facts';
import type { Taken } from './taken';

type Issuer = NonNullable<NonNullable<ClusterSpecInput['authentication']>['oidc']>[number];
/** The text of a file of the control plane. */
export type TextOf = (path: string) => Seen<string | null>;

/** Takes the place of a prefix that is not there: without one an issuer could name anybody. */
const prefix = 'oidc:';

/** Files that the arguments of an API server name and that tell its issuers. */
export const oidcFiles = (args: readonly string[]): readonly string[] =>
  ['authentication-config', 'oidc-ca-file'].flatMap((name) => flagValues(args, name)).filter(Boolean);

/** The OIDC issuers of an API server, from its arguments or from its AuthenticationConfiguration. */
export function oidcOf(args: readonly string[], textOf: TextOf): Taken<readonly Issuer[]> {
  const value = (name: string) => flagValues(args, name).at(-1) || undefined;
  const path = value('authentication-config');
  if (path !== undefined) return fromDocument(path, textOf(path));
  const issuerUrl = value('oidc-issuer-url');
  if (issuerUrl === undefined) return { value: [], lost: [], unread: [] };
  const claim = value('oidc-username-claim') ?? 'sub';
  // The API server's own default; `-` stands for no prefix.
  const given = value('oidc-username-prefix') ?? (claim === 'email' ? '-' : `${issuerUrl}#`);
  const file = value('oidc-ca-file');
  const authority = file === undefined ? undefined : textOf(file);
  const rules = ['oidc-required-claim', 'oidc-signing-algs'].filter((name) => value(name) !== undefined);
  if (rules.length > 0)
    return leftOut(
      issuerUrl,
      rules.map((name) => `--${name}=${value(name)}`),
    );
  const issuer = issuerOf({
    url: issuerUrl,
    audiences: flagValues(args, 'oidc-client-id'),
    authority: authority && 'fact' in authority ? (authority.fact ?? undefined) : undefined,
    username: { claim, prefix: given === '-' ? '' : given },
    groups: value('oidc-groups-claim')
      ? { claim: value('oidc-groups-claim') ?? '', prefix: value('oidc-groups-prefix') ?? '' }
      : undefined,
  });
  return {
    ...issuer,
    unread: authority && 'unseen' in authority ? [`${file}, which signs ${issuerUrl}: ${authority.unseen}`] : [],
  };
}

/** An issuer with a rule that a spec cannot say: without the rule it would let other people in. */
const leftOut = (url: string, rules: readonly string[]): Taken<readonly Issuer[]> => ({
  value: [],
  lost: [`OIDC issuer ${url} is left out, because a spec cannot say ${rules.join(', ')}`],
  unread: [],
});

function fromDocument(path: string, text: Seen<string | null>): Taken<readonly Issuer[]> {
  if ('unseen' in text)
    return { value: [], lost: [], unread: [`${path}, which names the OIDC issuers: ${text.unseen}`] };
  let document: Json;
  try {
    document = parse(text.fact ?? '') as Json;
  } catch {
    return { value: [], lost: [], unread: [`${path}, which names the OIDC issuers: it is no YAML`] };
  }
  const issuers = list(at(document, 'jwt')).map((jwt) => {
    const url = show(at(jwt, 'issuer.url'));
    const groups = at(jwt, 'claimMappings.groups');
    const rules = decisive.filter((field) => at(jwt, field) !== undefined);
    if (!isOurs(at(jwt, 'userValidationRules'))) rules.push('userValidationRules');
    if (rules.length > 0) return leftOut(url, rules);
    const taken = issuerOf({
      url,
      audiences: list(at(jwt, 'issuer.audiences')).map(show),
      authority: textAt(jwt, 'issuer.certificateAuthority'),
      username: mapping(at(jwt, 'claimMappings.username')),
      groups: groups === undefined ? undefined : mapping(groups),
    });
    const others = ['claimMappings.uid', 'claimMappings.extra'].filter((field) => at(jwt, field) !== undefined);
    return { ...taken, lost: [...taken.lost, ...others.map((field) => `${field} of OIDC issuer ${url}`)] };
  });
  return {
    value: issuers.flatMap(({ value }) => value),
    lost: issuers.flatMap(({ lost }) => lost),
    unread: issuers.flatMap(({ unread }) => unread),
  };
}

/** What decides who gets in, and by which name. */
const decisive = [
  'issuer.discoveryURL',
  'claimMappings.username.expression',
  'claimMappings.groups.expression',
  'claimValidationRules',
];

const textAt = (value: Json | undefined, path: string): string | undefined => {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

const mapping = (value: Json | undefined): Mapping => ({
  claim: textAt(value, 'claim') ?? 'sub',
  prefix: textAt(value, 'prefix') ?? '',
});

/** Rules that every issuer of a spec gets: names of Kubernetes itself are refused. */
const isOurs = (rules: Json | undefined): boolean =>
  list(rules).every((rule) => /startsWith\('system:'\)/.test(show(at(rule, 'expression'))));

interface Mapping {
  readonly claim: string;
  readonly prefix: string;
}

interface Found {
  readonly url: string;
  readonly audiences: readonly string[];
  readonly authority: string | undefined;
  readonly username: Mapping;
  readonly groups: Mapping | undefined;
}

function issuerOf({ url, audiences, authority, username, groups }: Found): Taken<readonly Issuer[]> {
  if (!httpsUrl.safeParse(url).success || audiences.length === 0) {
    return { value: [], lost: [`OIDC issuer ${url}: a spec takes https and at least one audience`], unread: [] };
  }
  const named = ({ prefix: given }: Mapping) => (isSafe(given) ? given : prefix);
  const renamed = [
    ...(isSafe(username.prefix) ? [] : ['users']),
    ...(groups && !isSafe(groups.prefix) ? ['groups'] : []),
  ].map(
    (who) => `OIDC ${who} of ${url} have no prefix of their own: they get \`${prefix}\`, so bindings must name them so`,
  );
  return {
    value: [
      {
        issuerUrl: url,
        audiences: [...audiences],
        ...(authority !== undefined && { certificateAuthority: authority }),
        usernameClaim: username.claim,
        usernamePrefix: named(username),
        ...(groups && { groupsClaim: groups.claim, groupsPrefix: named(groups) }),
      },
    ],
    lost: renamed,
    unread: [],
  };
}

/** Whether nobody can make a name of Kubernetes itself with this prefix. */
const isSafe = (given: string): boolean => !given.startsWith('system:') && !'system:'.startsWith(given);
