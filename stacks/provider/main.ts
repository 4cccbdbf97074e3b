import { provider } from '@pulumi/pulumi';
import { packageVersion } from '../../apply/package-root';
import { clusterResource } from './cluster-resource';
import { engineLog } from './engine-log';
import { labResource } from './lab-resource';
import type { Properties, Resource, Say } from './resource';

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

function makeProvider(log: (urn: string) => Say): provider.Provider {
  return {
    version: packageVersion(),
    async check(urn, olds, news) {
      const { inputs, refusals } = resourceOf(urn).check(olds ?? {}, news);
      return { inputs, failures: [...refusals] };
    },
    async diff(_id, urn, olds, news) {
      return { changes: resourceOf(urn).differs(olds, news) };
    },
    async create(urn, inputs) {
      const resource = resourceOf(urn);
      const id = resource.idOf(inputs);
      try {
        return { id, outs: await resource.create(inputs, log(urn)) };
      } catch (error) {
        throw new Unfinished(error, id, inputs);
      }
    },
    async read(id, urn, state) {
      const seen = await resourceOf(urn).read(id, state ?? {}, log(urn));
      return { id, props: seen.state, inputs: seen.inputs };
    },
    async update(id, urn, olds, news) {
      try {
        return { outs: await resourceOf(urn).update(id, olds, news, log(urn)) };
      } catch (error) {
        throw new Unfinished(error, id, news);
      }
    },
    async delete(id, urn, state) {
      await resourceOf(urn).delete(id, state, log(urn));
    },
    async cancel() {
      // A run of Ansible listens to it, ends its step and gives its lock back.
      process.emit('SIGINT');
    },
  };
}

/** The engine's death must not leave a run behind that nobody waits for: its lock would only end with its lease. */
function endWithEngine(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    process.emit('SIGTERM');
    setTimeout(() => process.exit(1), 10_000);
  }, 1000).unref();
}

const args = process.argv.slice(2);
const address = args.find((arg) => /^[\w.]+:\d+$/.test(arg)) ?? '';
// An interrupt reaches Ansible through its own listener; the provider goes on, to tell the engine how it ended.
process.on('SIGINT', () => undefined);
endWithEngine();
void provider.main(makeProvider(engineLog(address)), args);
