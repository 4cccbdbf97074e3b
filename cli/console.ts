import { styleText } from 'node:util';

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Where a command prints. Results go to stdout; what is said on the way goes to stderr, so that output can be piped. */
export interface Console {
  /** Whether stdout carries JSON and nothing else. */
  readonly json: boolean;
  /** A line of the result. Nothing with `--json`. */
  result(line: string): void;
  /** The result for programs. Nothing without `--json`. */
  object(value: unknown): void;
  /** A remark on stderr. */
  note(line: string): void;
  /** Text in a colour where stdout is a terminal and NO_COLOR is not set. */
  colour(colour: Colour, text: string): string;
}

/** Whether a stream shows colours: on a terminal only, and never against https://no-color.org. */
export function wantsColour(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
}

export function makeConsole(json: boolean): Console {
  const coloured = wantsColour(process.stdout);
  return {
    json,
    result: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    object: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note: (line) => process.stderr.write(`${line}\n`),
    colour: (colour, text) => (coloured ? styleText(colour, text) : text),
  };
}
