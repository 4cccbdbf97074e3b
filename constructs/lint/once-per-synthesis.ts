import type { ApiObject } from 'cdk8s';
import type { IConstruct, IValidation } from 'constructs';
import type { Fields } from '../../lib/fields';
import { objectsOf } from '../../lib/lint/manifest';

/** What is known of an app while it is being synthesized, when nothing in it changes. */
interface Synthesis {
  readonly errors: Map<IValidation, string[]>;
  /** Gives the objects back what they render with. */
  readonly release: (() => void)[];
}

const running = new WeakMap<IConstruct, Synthesis>();
const watched = new WeakSet<IConstruct>();

/**
 * Adds a validation that is asked once in a synthesis. cdk8s validates a whole app again for each of its charts, so that
 * the work of a validation would grow with the square of their number.
 */
export function addValidation(construct: IConstruct, validation: IValidation): void {
  const app = construct.node.root;
  watch(app);
  construct.node.addValidation({
    validate: () => {
      const synthesis = running.get(app);
      const known = synthesis?.errors.get(validation);
      if (known) return known;
      const errors = validation.validate();
      synthesis?.errors.set(validation, errors);
      return errors;
    },
  });
}

/** The manifests that an object renders: its own, or the members of a List. In a synthesis it is rendered once. */
export function manifestsOf(object: ApiObject): readonly Fields[] {
  const manifest = object.toJson();
  const synthesis = running.get(object.node.root);
  if (synthesis) {
    // What is judged is what is written.
    const render = object.toJson;
    object.toJson = () => manifest;
    synthesis.release.push(() => {
      object.toJson = render;
    });
  }
  return objectsOf(manifest);
}

/** Notes when an app is being synthesized. A root that is no app renders anew whenever it is asked. */
function watch(app: IConstruct & Partial<Record<'synth' | 'synthYaml', () => unknown>>): void {
  if (watched.has(app)) return;
  watched.add(app);
  for (const name of ['synth', 'synthYaml'] as const) {
    const synthesize = app[name]?.bind(app);
    if (synthesize) app[name] = () => during(app, synthesize);
  }
}

function during(app: IConstruct, synthesize: () => unknown): unknown {
  const synthesis: Synthesis = { errors: new Map(), release: [] };
  running.set(app, synthesis);
  try {
    return synthesize();
  } finally {
    running.delete(app);
    for (const release of synthesis.release.reverse()) release();
  }
}
