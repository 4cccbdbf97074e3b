import { duration } from './duration';

/** Tells how a step gets on. Called often. */
export type Report = (detail: string) => void;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Milliseconds between two pictures of a terminal's line. */
const redrawEvery = 100;
/** Milliseconds without news after which a log still says that work goes on. */
const remindAfter = 20_000;

/** Shows the running step: one living line on a terminal, plain lines elsewhere. */
export class Progress {
  constructor(private readonly stream: Stream = process.stderr) {}

  /**
   * Runs `work` and shows it until it ends.
   *
   * @param expectedSeconds about how long it takes @default unknown
   */
  async step<T>(title: string, work: (report: Report) => Promise<T>, expectedSeconds?: number): Promise<T> {
    const show = this.stream.isTTY ? this.live(title, expectedSeconds) : this.plain(title, expectedSeconds);
    try {
      const result = await work(show.report);
      show.end('✔');
      return result;
    } catch (error) {
      show.end('✖');
      throw error;
    }
  }

  private live(title: string, expected: number | undefined) {
    const started = Date.now();
    let detail = '';
    let frame = 0;
    const timer = setInterval(() => {
      frame = (frame + 1) % frames.length;
      const time = elapsed(started) + (expected === undefined ? '' : ` of about ${duration(expected)}`);
      const line = `${frames[frame]} ${title} (${time})${detail && ` ${detail}`}`;
      this.stream.write(`\r\x1b[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    }, redrawEvery);
    return {
      report: (text: string) => {
        detail = text;
      },
      end: (mark: string) => {
        clearInterval(timer);
        this.stream.write(`\r\x1b[K${mark} ${title} (${elapsed(started)})\n`);
      },
    };
  }

  private plain(title: string, expected: number | undefined) {
    const started = Date.now();
    let last = '';
    let said = Date.now();
    const say = (text: string) => {
      said = Date.now();
      this.stream.write(`${text}\n`);
    };
    say(`→ ${title}${expected === undefined ? '' : ` (about ${duration(expected)})`}`);
    const timer = setInterval(() => {
      if (Date.now() - said >= remindAfter) say(`  ${title}: ${elapsed(started)}${last && `, ${last}`}`);
    }, 1000);
    return {
      report: (text: string) => {
        if (text !== last) say(`  ${text}`);
        last = text;
      },
      end: (mark: string) => {
        clearInterval(timer);
        say(`${mark} ${title} (${elapsed(started)})`);
      },
    };
  }
}

const elapsed = (started: number): string => duration((Date.now() - started) / 1000);
