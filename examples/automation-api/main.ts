import { type EngineEvent, LocalWorkspace } from '@pulumi/pulumi/automation';
import { deltaMarkdown, hardeningDelta } from 'bulwark/stacks';

/** Previews a stack and says what changes in its hardening; with `--up` and nothing weaker, brings it up. */
async function main([workDir = '.', stackName = 'example', ...flags]: readonly string[]): Promise<void> {
  const stack = await LocalWorkspace.createOrSelectStack({ workDir, stackName });
  const events: EngineEvent[] = [];
  try {
    await stack.preview({ onEvent: (event) => events.push(event) });
  } finally {
    // A refused update has a delta too: it says why.
    console.log(deltaMarkdown(hardeningDelta(events)));
  }
  if (!flags.includes('--up')) return;
  if (hardeningDelta(events).some(({ operation, weaker }) => operation !== 'create' && weaker.length > 0)) {
    throw new Error('controls would get weaker: run `pulumi up` by hand, if that is meant');
  }
  const { outputs } = await stack.up({ onOutput: (text) => process.stdout.write(text) });
  console.log(outputs.evidence?.value);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
