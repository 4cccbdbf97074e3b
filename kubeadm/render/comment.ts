/**
 * Header of a rendered file, as `#` comment lines: what made it and which controls shaped it.
 *
 * @param origins ids of the controls, `spec:<path>` or `base`, in any order
 */
export function comment(origins: readonly string[]): string {
  const shapedBy = [...new Set(origins)].sort();
  const lines = ['Rendered by bulwark: change the spec, not this file.'];
  if (shapedBy.length > 0) lines.push('Shaped by:', ...shapedBy.map((origin) => `  ${origin}`));
  return lines.map((line) => `# ${line}\n`).join('');
}
