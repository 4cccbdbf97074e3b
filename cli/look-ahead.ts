import { type ApplyRequest, type ApplyResult, applyCluster } from '../apply';
import type { Bundle } from '../kubeadm';
import { type EvidenceRow, isProven } from '../lib/evidence';
import { countChanges, hasChores, printChanges } from './changes-report';
import { confirm } from './confirm';
import type { Console } from './console';
import { driftOf, printDrift } from './drift';
import { type Departure, departureOf, removeLeaving } from './leaving-nodes';
import type { LoadedCluster } from './load-cluster';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';
import { judgeNow } from './verify-cluster';

export interface LookOptions {
  /** Answer every question. */
  readonly yes: boolean;
  /** Show every name and the difference of every file. */
  readonly diff: boolean;
  /** Nodes that left the spec and whose machine is gone. @default none */
  readonly forget?: readonly string[];
  /** Seconds that the drain of the nodes that left the spec may last. @default 300 */
  readonly drainSeconds?: number;
}

/** What was seen before anything changed. */
export interface Look {
  readonly preview: ApplyResult;
  readonly seen: Awaited<ReturnType<typeof judgeNow>>;
  readonly drift: readonly EvidenceRow[];
  readonly departure: Departure | undefined;
}

/**
 * Shows what would change, drift by control and nodes that leave included, and asks where anything would.
 *
 * @throws HardeningError as each step does, and of kind `usage` where nobody consents
 */
export async function lookAhead(
  loaded: LoadedCluster,
  bundle: Bundle,
  request: ApplyRequest,
  options: LookOptions,
  out: Console,
): Promise<Look> {
  const { bundleDirectory } = request;
  // Side by side, because both only look; what is seen on machines without a cluster is not used.
  const [preview, seen] = await new Progress().step('Preview, which changes nothing', (report) =>
    Promise.all([
      applyCluster({ ...request, check: true, onEvent: showEvents(report) }),
      judgeNow(loaded, { bundle, bundleDirectory, onEvent: () => undefined }),
    ]),
  );
  const drift = driftOf(seen.evidence, preview);
  printDrift(drift, out);
  out.note('What would change:');
  printChanges(preview, out, options.diff);
  const departure = departureOf(loaded, preview.leaving, options.forget ?? []);
  if (departure) await previewDeparture(loaded, departure, options, out);
  if (countChanges(preview) > 0 || departure) await confirm('Make these changes?', options.yes);
  return { preview, seen, drift, departure };
}

/**
 * Whether a run would do nothing, not even wait or write something down, and what was seen is the proof already.
 *
 * @see docs/decisions/0021-nothing-to-do.md
 */
export function isSettled({ preview, seen, departure }: Look): boolean {
  return !departure && countChanges(preview) === 0 && !hasChores(preview) && isProven(seen.evidence);
}

/** Shows what the leaving of nodes would change: which pods move, what is taken off the machines. */
async function previewDeparture(loaded: LoadedCluster, departure: Departure, options: LookOptions, out: Console) {
  const preview = await new Progress().step('Preview of the nodes that leave', (report) =>
    removeLeaving(loaded, departure, { ...options, check: true, report }),
  );
  for (const line of departure.lines) out.note(out.colour('bold', line));
  printChanges(preview, out, options.diff);
}
