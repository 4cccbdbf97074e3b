import { type ArtifactDirectory, type ArtifactRequest, ensureArtifacts, planArtifacts } from '../apply/artifacts';
import { confirm } from './confirm';
import type { Console } from './console';
import { duration } from './duration';
import { Progress } from './progress';

/** Longest build, in seconds, that starts without a question. */
const shortBuild = 60;

/**
 * Node software for a cluster: says what is missing and how long it takes, asks where that is long, and builds it.
 *
 * @throws HardeningError as `ensureArtifacts` does, or of kind `usage` where the answer is no
 */
export async function obtainArtifacts(
  request: ArtifactRequest,
  yes: boolean,
  out: Console,
): Promise<ArtifactDirectory> {
  const { steps, directory } = await planArtifacts(request);
  const seconds = steps.reduce((sum, step) => sum + step.expectedSeconds, 0);
  if (steps.length > 0) {
    out.note(`Node software for ${directory}:`);
    for (const step of steps) out.note(`  ${step.title} (about ${duration(step.expectedSeconds)})`);
  }
  if (seconds > shortBuild) {
    out.note(`About ${duration(seconds)} in all on two cores, once; an interrupted build goes on where it stopped.`);
    await confirm('Build it now?', yes);
  }
  return new Progress().step(
    'Node software',
    (report) =>
      ensureArtifacts(request, ({ step, detail, fraction }) =>
        report(`${fraction === undefined ? '' : `${Math.round(fraction * 100)} % `}${step}: ${detail}`),
      ),
    seconds || undefined,
  );
}
