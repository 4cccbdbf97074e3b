/** A script that waits until a shell condition holds, for two minutes. */
export const until = (condition: string): string =>
  `i=0; until ${condition}; do i=$((i+1)); [ $i -lt 120 ] || { echo 'not in effect' >&2; exit 1; }; sleep 1; done`;

/** Changes a file in place: no other file appears beside it, and mode and owner stay. */
export const edit = (path: string, ...expressions: readonly string[]): string =>
  `text=$(sed ${expressions.map((one) => `-e '${one}'`).join(' ')} ${path}) && ` +
  `[ "$text" != "$(cat ${path})" ] && printf '%s\\n' "$text" > ${path}`;

/** Whether a process of a program runs with an argument. */
export const runsWith = (program: string, argument: string): string =>
  `pgrep -f '^${program} .*${argument}' >/dev/null`;
