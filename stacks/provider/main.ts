// The whole SDK takes three times as long to load, and the engine waits for it in each preview.
import { main, type Provider } from '@pulumi/pulumi/provider';
import { packageVersion } from '../../apply/package-root';
import { clusterResource } from './cluster-resource';
import { type EngineLog, engineLog } from './engine-log';
import { labResource } from './lab-resource';
import { type Properties, parseUrn, type Refusal, type Resource, type Say } from './resource';
import { conceal, reveal } from './secrets';

/**
 * The provider plugin `bulwark`, which the engine starts. Each method hands over to the resource that the URN names.
 *
 * @see docs/decisions/0017-pulumi-provider.md
 */
const resources: Readonly<Record<string, Resource>> = {
  'bulwark:index:Cluster': clusterResource,
  'bulwark:index:Lab': labResource,
};

function resourceOf(urn: string): Resource {
  const { type } = parseUrn(urn);
  const found = resources[type];
  if (!found) throw new Error(`the provider bulwark knows no resource ${type}`);
  return found;
}

/** The engine prints the value of a property that it is told of, which of a whole spec is a wall of text. */
const shortly = ({ property, reason }: Refusal, inputs: Properties): Refusal =>
  property in inputs ? { property: '', reason: `${property}: ${reason}` } : { property, reason };

/** What a failed update leaves: the engine keeps the resource, and goes on with it in the next one. */
class Unfinished extends Error {
  readonly reasons: readonly string[];

  constructor(
    error: unknown,
    readonly id: string,
    readonly properties: Properties,
  ) {
    super(error instanceof Error ? error.message : String(error));
    this.reasons = [this.message];
  }
}

/** What the engine sent, without its marks, and how to put them on what goes back. */
function unmarked(resource: Resource, ...sent: readonly Properties[]) {
  const revealed = sent.map(reveal);
  const marked = revealed.flatMap(({ secrets }) => [...secrets]);
  const secrets = new Set([...marked, ...marked.flatMap((name) => resource.shownBy?.[name] ?? [])]);
  return { plain: revealed.map(({ plain }) => plain), mark: (properties: Properties) => conceal(properties, secrets) };
}

/** Whether the state holds in clear what has become a secret since. */
function laysOpen(resource: Resource, sentState: Properties, sentInputs: Properties): boolean {
  const { plain, secrets: hidden } = reveal(sentState);
  const secrets = [...reveal(sentInputs).secrets].flatMap((name) => [name, ...(resource.shownBy?.[name] ?? [])]);
  return secrets.some((name) => plain[name] !== undefined && !hidden.has(name));
}

/**
 * What the resources of this update stand on. A resource that was renamed, moved or replaced is made first and then
 * deleted: the deletion must not take away what was just made.
 */
const occupied = new Map<string, string>();

const ground = (urn: string, properties: Properties) => `${parseUrn(urn).type} ${resourceOf(urn).groundOf(properties)}`;

/** How many steps run that may have Ansible at work, which only it can end well. */
let running = 0;

function makeProvider(log: EngineLog): Provider {
  const busy = async <T>(step: Promise<T>): Promise<T> => {
    running += 1;
    try {
      return await step;
    } finally {
      await log.arrived();
      running -= 1;
    }
  };
  /** Runs a step whose failure leaves a resource that the next update goes on with. */
  const attempt = async (
    urn: string,
    id: string,
    left: Properties,
    mark: (properties: Properties) => Properties,
    step: (say: Say) => Promise<Properties>,
  ): Promise<Properties> => {
    try {
      return mark(await busy(step(log.about(urn))));
    } catch (error) {
      throw new Unfinished(error, id, mark(left));
    }
  };
  return {
    version: packageVersion(),
    async check(urn, sentOlds, sentNews) {
      const resource = resourceOf(urn);
      const { plain, mark } = unmarked(resource, sentOlds ?? {}, sentNews);
      const [olds = {}, news = {}] = plain;
      const { inputs, refusals } = await resource.check(olds, news, log.about(urn), parseUrn(urn));
      await log.arrived();
      return { inputs: mark(inputs), failures: refusals.map((refusal) => shortly(refusal, inputs)) };
    },
    async diff(_id, urn, sentOlds, sentNews) {
      const resource = resourceOf(urn);
      const [olds = {}, news = {}] = unmarked(resource, sentOlds, sentNews).plain;
      return { changes: resource.differs(olds, news) || laysOpen(resource, sentOlds, sentNews) };
    },
    async create(urn, sent) {
      const resource = resourceOf(urn);
      const { plain, mark } = unmarked(resource, sent);
      const [inputs = {}] = plain;
      await resource.admit?.(inputs);
      const id = resource.idOf(inputs);
      occupied.set(ground(urn, inputs), urn);
      return { id, outs: await attempt(urn, id, inputs, mark, (say) => resource.create(inputs, say)) };
    },
    async read(id, urn, sent) {
      const resource = resourceOf(urn);
      const { plain, mark } = unmarked(resource, sent ?? {});
      const seen = await busy(resource.read(id, plain[0] ?? {}, log.about(urn)));
      return { id, props: mark(seen.state), inputs: mark(seen.inputs) };
    },
    async update(id, urn, sentOlds, sentNews) {
      const resource = resourceOf(urn);
      const { plain, mark } = unmarked(resource, sentOlds, sentNews);
      const [olds = {}, news = {}] = plain;
      const left = resource.unfinished?.(olds) ?? olds;
      occupied.set(ground(urn, news), urn);
      return { outs: await attempt(urn, id, left, mark, (say) => resource.update(id, olds, news, say)) };
    },
    async delete(id, urn, sent) {
      const resource = resourceOf(urn);
      const [state = {}] = unmarked(resource, sent).plain;
      const heir = occupied.get(ground(urn, state));
      if (heir === undefined) return busy(resource.delete(id, state, log.about(urn)));
      log.about(urn)(`${id} belongs to the resource ${parseUrn(heir).name} now, and is left as it is`);
      await log.arrived();
    },
    async cancel() {
      // A run of Ansible listens to it, ends its step and gives its lock back.
      if (running > 0) process.emit('SIGINT', 'SIGINT');
    },
  };
}

/** The engine's death must not leave a run behind that nobody waits for: its lock would only end with its lease. */
function endWithEngine(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    if (running === 0) process.exit(1);
    process.emit('SIGTERM', 'SIGTERM');
    setTimeout(() => process.exit(1), 10_000);
  }, 1000).unref();
}

const args = process.argv.slice(2);
const address = args.find((arg) => /^[\w.]+:\d+$/.test(arg)) ?? '';
process.on('SIGINT', () => {
  // An interrupt reaches Ansible through its own listener; the provider goes on, to tell the engine how it ended. With
  // nothing to do it is how the engine dismisses a plugin, and the engine waits for it.
  if (running === 0) process.exit();
});
endWithEngine();
void main(makeProvider(engineLog(address)), args);
