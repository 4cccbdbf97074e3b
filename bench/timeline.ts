/** A step of the command and how long it took. */
export interface Part {
  readonly title: string;
  readonly seconds: number;
}

/**
 * Reads where the time of a run goes from what it says on its way. A line that begins with `→` opens a part; an
 * indented one names what is being done in it; `✔` closes it.
 */
export class Timeline {
  readonly #marks: { readonly title: string; readonly at: number }[] = [];
  #step = '';

  /** @param now milliseconds @default the clock */
  line(line: string, now: number = Date.now()): void {
    const step = /^→ ([^(]+)/.exec(line)?.[1]?.trim();
    if (step) this.#step = step;
    // Reminders that work goes on repeat the step and its time.
    const detail = /^ {2}(?!.*\d+ (?:s|min)\b)(\S.*)$/.exec(line)?.[1];
    if (step) this.#marks.push({ title: step, at: now });
    else if (detail && this.#step) this.#marks.push({ title: `${this.#step}: ${detail}`, at: now });
    else if (line.startsWith('✔')) {
      this.#marks.push({ title: '', at: now });
      this.#step = '';
    }
  }

  /** Parts of at least a tenth of a second, in order. */
  parts(end: number = Date.now()): Part[] {
    return this.#marks
      .map(({ title, at }, index) => ({ title, seconds: ((this.#marks[index + 1]?.at ?? end) - at) / 1000 }))
      .filter(({ title, seconds }) => title !== '' && seconds >= 0.1);
  }
}
