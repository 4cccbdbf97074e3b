import type { Json } from '../settings/setting';
import { type Check, fail, namesOf, notApplicable, pass, type SeenObject } from './check';
import type { ObjectsProbe } from './probe';
import { at } from './values';

type Query = Omit<ObjectsProbe, 'kind' | 'keep'>;
export type ObjectFact = { readonly [key: string]: Json };

const identity = ['metadata.name', 'metadata.namespace'];

/** What a fact is about. A name of another type names nothing, so that no waiver covers it. */
function seenObject({ resource }: Query, object: ObjectFact): SeenObject {
  const namespace = at(object, 'metadata.namespace');
  const name = at(object, 'metadata.name');
  return {
    resource: plural(resource),
    ...(typeof namespace === 'string' && namespace !== '' && { namespace }),
    name: typeof name === 'string' ? name : '',
  };
}

const plural = (resource: string): string => resource.split('.')[0] ?? resource;

const describe = ({ resource, namespace, name }: Query): string =>
  [resource, namespace, name].filter(Boolean).join(' ');

/** No such object exists; with `where`, none that it matches. */
export function objectsAbsent(
  of: Query & {
    readonly keep?: readonly string[];
    readonly where?: (object: ObjectFact) => boolean;
    readonly expected?: string;
  },
): Check<'objects'> {
  const { keep = [], where = () => true, expected, ...query } = of;
  return {
    scope: 'cluster',
    probe: { kind: 'objects', ...query, keep: [...identity, ...keep] },
    absence: true,
    expected: expected ?? `no ${describe(query)}`,
    strength: 'effect',
    judge: (objects) => {
      const found = objects.filter(where);
      if (found.length === 0) return pass('none');
      const seen = found.map((object) => seenObject(query, object));
      return fail(namesOf(seen), seen);
    },
  };
}

/** Every object satisfies `holds`, and there is at least one. */
export function objectsAll(
  of: Query & {
    readonly keep: readonly string[];
    /** Which objects are meant. @default all */
    readonly where?: (object: ObjectFact) => boolean;
    readonly holds: (object: ObjectFact) => boolean;
    readonly expected: string;
    /** What it means that there is none. @default 'fail' */
    readonly none?: 'fail' | 'not-applicable';
  },
): Check<'objects'> {
  const { keep, where = () => true, holds, expected, none = 'fail', ...query } = of;
  return {
    scope: 'cluster',
    probe: { kind: 'objects', ...query, keep: [...identity, ...keep] },
    expected,
    strength: 'live',
    judge: (objects) => {
      const meant = objects.filter(where);
      if (meant.length === 0) return none === 'fail' ? fail('no such object') : notApplicable('no such object');
      const broken = meant.filter((object) => !holds(object)).map((object) => seenObject(query, object));
      return broken.length === 0 ? pass(`${meant.length} of ${meant.length}`) : fail(`not: ${namesOf(broken)}`, broken);
    },
  };
}
