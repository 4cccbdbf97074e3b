import type { Change, HardeningDelta } from './hardening-delta';

/**
 * A delta as Markdown, for the comment of a pull request: what gets weaker comes first and is never folded away.
 *
 * @param deltas of one preview
 */
export function deltaMarkdown(deltas: readonly HardeningDelta[]): string {
  if (deltas.length === 0) return '## Hardening\n\nThe preview holds no cluster of Bulwark.\n';
  return `${['## Hardening', ...deltas.map(cluster)].join('\n\n')}\n`;
}

function cluster(delta: HardeningDelta): string {
  const title = `### \`${delta.cluster}\`: ${delta.operation}`;
  if (delta.refusals.length > 0) {
    return [title, `**Refused.**\n${list(delta.refusals.map(text))}`].join('\n\n');
  }
  if (!delta.known) return `${title}\n\nThe plan is not known before its machines are, or is a secret.`;
  if (isEmpty(delta)) return `${title}\n\nNo control, setting or file changes.`;
  const touched = Object.entries(delta.nodes).map(([node, changed]) => `${changed.length} on ${node}`);
  const files = `Files: ${touched.length === 0 ? 'none' : touched.join(', ')}.`;
  const isNew = delta.operation === 'create';
  return [
    title,
    `Controls: ${delta.stronger.length} stronger, **${delta.weaker.length} weaker**. Settings: ${delta.settings.length}. ${files}`,
    ...(delta.weaker.length > 0 ? [`**${isNew ? 'Waived' : 'Weaker'}**\n${list(delta.weaker.map(control))}`] : []),
    ...(delta.stronger.length > 0 ? [folded('Stronger', delta.stronger.map(control))] : []),
    ...(delta.settings.length > 0 ? [folded('Settings', delta.settings.map(setting))] : []),
    ...Object.entries(delta.nodes).map(([node, changed]) => folded(`Files on ${node}`, changed.map(file))),
    ...(delta.manifests.length > 0 ? [folded('Kubernetes objects', delta.manifests.map(file))] : []),
  ].join('\n\n');
}

const isEmpty = ({ stronger, weaker, settings, nodes, manifests }: HardeningDelta) =>
  [stronger, weaker, settings, manifests, ...Object.values(nodes)].every((changed) => changed.length === 0);

const list = (lines: readonly string[]) => lines.map((line) => `* ${line}`).join('\n');

const folded = (title: string, lines: readonly string[]) =>
  `<details><summary>${text(title)} (${lines.length})</summary>\n\n${list(lines)}\n\n</details>`;

function control({ of, before, after }: Change): string {
  if (after === undefined) return `${code(of)} goes`;
  if (before === undefined) return after === 'on' ? `${code(of)} comes` : `${code(of)}: ${text(after)}`;
  return `${code(of)}: ${text(before)} → ${text(after)}`;
}

function setting({ of, before, after }: Change): string {
  return `${code(of)}: ${before === undefined ? 'not set' : code(before)} → ${after === undefined ? 'not set' : code(after)}`;
}

/** The digests say only that a file changes; the controls why it is there. */
function file({ of, before, after }: Change): string {
  const verb = before === undefined ? 'new' : after === undefined ? 'removed' : 'changed';
  const [, ...controls] = (after ?? before ?? '').split(' ');
  const some = controls.slice(0, 5).map(code).join(', ');
  const more = controls.length > 5 ? ` and ${controls.length - 5} more` : '';
  return `${code(of)} ${verb}${controls.length > 0 ? ` (${some}${more})` : ''}`;
}

/** Free text of a spec (the reason of a waiver) must not become markup, links or mentions of a comment. */
const text = (value: string) =>
  value
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>#|~!]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u200b');

const code = (value: string) => `\`${value.replaceAll('`', "'").replace(/\s+/g, ' ')}\``;
