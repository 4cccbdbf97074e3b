import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { HardeningError } from '../../lib/errors';
import { type CommonOptions, consoleOf, withJson } from './common';

/** `bulwark delta`: what a Pulumi preview changes in the hardening of clusters. */
export function addDelta(program: Command): void {
  const command = program
    .command('delta')
    .description('Show which controls, settings and files a Pulumi preview changes, as Markdown')
    .argument('[file]', 'what `pulumi preview --json` printed, or its event log; - for standard input', '-');
  withJson(command).action(delta);
}

async function delta(file: string, options: CommonOptions): Promise<void> {
  const out = consoleOf(options);
  const { hardeningDelta } = await import('../../stacks/hardening-delta');
  const { deltaMarkdown } = await import('../../stacks/delta-markdown');
  const deltas = hardeningDelta(readPreview(file));
  out.object({ clusters: deltas });
  out.result(deltaMarkdown(deltas).trimEnd());
}

/**
 * Reads a preview. A document is one JSON value; an event log has one on each line.
 *
 * @param file `-` for standard input
 * @throws HardeningError of kind `usage` where it is neither
 */
export function readPreview(file: string) {
  const refuse = (message: string) =>
    new HardeningError('usage', [
      { code: 'DELTA_INPUT', file, message, fix: 'give what `pulumi preview --json` printed, or its event log' },
    ]);
  let content: string;
  try {
    content = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw refuse(`cannot be read: ${(error as Error).message}`);
  }
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  try {
    const isLog = lines.length > 0 && lines[0]?.includes('"sequence"');
    const parsed = isLog ? lines.map((line) => JSON.parse(line)) : JSON.parse(content);
    if (isLog || Array.isArray(parsed.steps) || Array.isArray(parsed.diagnostics)) return parsed;
  } catch (error) {
    throw refuse(`is no JSON: ${(error as Error).message}`);
  }
  throw refuse('holds no steps of a preview');
}
