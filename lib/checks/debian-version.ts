/** Weight of a character in a run of non-digits: `~` sorts before the end, letters before all others. */
function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  return /[a-zA-Z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = weight(a[index]) - weight(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Runs of non-digits and of digits take turns, from the left. */
function compareParts(a: string, b: string): number {
  const runs = (text: string) => text.match(/\D+|\d+/g) ?? [];
  const [left, right] = [a, b].map((text) => (/^\d/.test(text) ? ['', ...runs(text)] : runs(text)));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index += 1) {
    const [x = '', y = ''] = [left?.[index], right?.[index]];
    const difference = index % 2 === 0 ? compareText(x, y) : Number(x) - Number(y);
    if (difference !== 0) return difference;
  }
  return 0;
}

function partsOf(version: string): readonly [epoch: string, upstream: string, revision: string] {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0 ? [epoch, rest, ''] : [epoch, rest.slice(0, dash), rest.slice(dash + 1)];
}

/** Order of two versions of Debian packages, as deb-version(7) has it: negative where `a` is the earlier. */
export function compareDebianVersions(a: string, b: string): number {
  const others = partsOf(b);
  for (const [index, part] of partsOf(a).entries()) {
    const difference = compareParts(part, others[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}
