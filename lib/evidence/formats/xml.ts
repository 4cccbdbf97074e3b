const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML 1.0 cannot hold, not even escaped, and other control characters. */
const unfit = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

const numbered = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text as content or attribute of XML or HTML. What XML cannot hold is shown by its number, as `\\u001b`. */
export function escapeMarkup(text: string): string {
  return text.replace(unfit, numbered).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
