/**
 * The values that a process was given for one flag, in order: `--name=value`, `--name value` and the bare `--name` of
 * a boolean, which reads `true`.
 */
export function flagValues(args: readonly string[], name: string): readonly string[] {
  return args.flatMap((arg, index) => {
    const flag = arg.replace(/^--?/, '');
    if (flag === arg) return [];
    if (flag.startsWith(`${name}=`)) return [flag.slice(name.length + 1)];
    if (flag !== name) return [];
    const next = args[index + 1];
    return [next === undefined || next.startsWith('-') ? 'true' : next];
  });
}
