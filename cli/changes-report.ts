import type { ApplyResult, NodeOutcome } from '../apply';
import type { Console } from './console';

/** How many names of one kind are shown before the rest is counted. */
const shown = 6;

/** How many controls of one thing are named before they are counted: many share one document. */
const namedControls = 4;

/** How many things change, or would change, on all nodes. */
export function countChanges({ nodes }: Pick<ApplyResult, 'nodes'>): number {
  return nodes.reduce((sum, { changes }) => sum + changes.length, 0);
}

/** Whether something is still to be done although nothing changes by it. */
export function hasChores({ nodes }: Pick<ApplyResult, 'nodes'>): boolean {
  return nodes.some(({ chores }) => chores.length > 0);
}

/** Prints what changes on which node; with `all` every name and the difference of every file. */
export function printChanges(result: Pick<ApplyResult, 'nodes'>, out: Console, all: boolean): void {
  for (const node of result.nodes) {
    out.note(
      `${out.colour('bold', node.name)}: ${node.changes.length === 0 ? nothing(node) : `${node.changes.length} changes`}`,
    );
    for (const line of groups(node, all)) out.note(`  ${line}`);
    for (const warning of node.warnings) out.note(`  ${out.colour('yellow', 'warning')} ${warning}`);
    if (!all) continue;
    for (const { before_header, after_header, before, after } of node.diffs) {
      out.note(`  --- ${before_header ?? ''}\n  +++ ${after_header ?? ''}\n${before ?? ''}\n=>\n${after ?? ''}`);
    }
  }
}

const nothing = ({ chores }: NodeOutcome): string =>
  ['no change', ...(chores.length > 0 ? [`still to do: ${chores.join('; ')}`] : [])].join(', ');

function groups({ changes }: NodeOutcome, all: boolean): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { kind, action, name, controls } of changes) {
    const group = `${action} ${kind}`;
    names.set(group, [...(names.get(group) ?? []), name + shapedBy(controls, all)]);
  }
  return [...names].map(([group, members]) => {
    const rest = all ? 0 : Math.max(0, members.length - shown);
    const listed = members.slice(0, members.length - rest).join(', ');
    return `${group}: ${listed}${rest > 0 ? ` and ${rest} more` : ''}`;
  });
}

function shapedBy(controls: readonly string[] = [], all: boolean): string {
  if (controls.length === 0) return '';
  return all || controls.length <= namedControls ? ` (${controls.join(', ')})` : ` (${controls.length} controls)`;
}
