// The whole SDK takes three times as long to load, and the engine waits for it in each preview.
import { main, type Provider } from '@pulumi/pulumi/provider';
import { packageVersion } from '../../apply/package-root';
import { clusterResource } from './cluster-resource';
import { type EngineLog, engineLog } from './engine-log';
import { labResource } from './lab-resource';
import type { Properties, Resource, Say } from './resource';
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

/** `urn:pulumi:stack::project::parent$type::name` */
function resourceOf(urn: string): Resource {
  const type = urn.split('::')[2]?.split('$').at(-1) ?? '';
  const found = resources[type];
  if (!found) throw new Error(`the provider bulwark knows no resource ${type}`);
  return found;
}

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
      const { inputs, refusals } = await resource.check(olds, news, log.about(urn));
      await log.arrived();
      return { inputs: mark(inputs), failures: [...refusals] };
    },
    async diff(_id, urn, sentOlds, sentNews) {
      const resource = resourceOf(urn);
      const [olds = {}, news = {}] = unmarked(resource, sentOlds, sentNews).plain;
      return { changes: resource.differs(olds, news) };
    },
    async create(urn, sent) {
      const resource = resourceOf(urn);
      const { plain, mark } = unmarked(resource, sent);
      const [inputs = {}] = plain;
      const id = resource.idOf(inputs);
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
      return { outs: await attempt(urn, id, left, mark, (say) => resource.update(id, olds, news, say)) };
    },
    async delete(id, urn, sent) {
      const resource = resourceOf(urn);
      await busy(resource.delete(id, unmarked(resource, sent).plain[0] ?? {}, log.about(urn)));
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
