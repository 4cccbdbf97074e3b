import { htmlPage } from './html/page';
import { junit } from './junit';
import { markdown } from './markdown';
import { oscal } from './oscal';
import type { Report } from './report';
import { sarif } from './sarif';

/** Formats that are written as a file; a table is printed by the command itself. */
export const formats: Readonly<Record<string, (report: Report) => string>> = {
  json: ({ evidence, benchmark }) => `${JSON.stringify({ ...evidence, benchmark }, null, 2)}\n`,
  junit,
  sarif,
  oscal,
  html: htmlPage,
  markdown,
};

export type { Report } from './report';
