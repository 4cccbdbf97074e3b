import { escapeMarkup } from '../xml';

/** Text that is HTML already. Only `html` makes it, so nothing reaches a page unescaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | false | undefined | readonly Part[];

const render = (part: Part): string => {
  if (part instanceof Markup) return part.text;
  if (part === false || part === undefined) return '';
  return typeof part === 'object' ? part.map(render).join('') : escapeMarkup(String(part));
};

/** HTML in which every value that is no markup is escaped; false and undefined leave nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + render(parts[index])).join(''));
}
