import { type ApplyResult, applyGateway, type GatewayRequest } from '../apply';
import { countChanges, printChanges } from './changes-report';
import { confirm } from './confirm';
import type { Console } from './console';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';

/**
 * Makes the gateway before anybody looks at the nodes behind it, which have no addresses and no way to them until then.
 * It has a consent of its own, because what changes on the nodes cannot be shown yet.
 *
 * @returns what changed on it; undefined where nothing had to
 * @throws HardeningError as `applyGateway`; of kind `usage` where the answer is no
 */
export async function makeGateway(
  request: GatewayRequest,
  options: { readonly yes: boolean; readonly diff: boolean },
  out: Console,
): Promise<ApplyResult | undefined> {
  const run = (title: string, check: boolean): Promise<ApplyResult> =>
    new Progress().step(title, (report) => applyGateway({ ...request, check, onEvent: showEvents(report) }));
  const preview = await run('Preview of the gateway, which changes nothing', true);
  if (countChanges(preview) === 0) return undefined;
  out.note('What would change on the way to the nodes:');
  printChanges(preview, out, options.diff);
  await confirm('Make these changes? What changes on the nodes is shown after that.', options.yes);
  const applied = await run('Gateway', false);
  printChanges(applied, out, options.diff);
  return applied;
}
