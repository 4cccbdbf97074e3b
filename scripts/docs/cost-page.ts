import type { Control } from '../../lib/controls/control';
import { areasOf } from './controls-page';
import { generatedNote, page, prose, table, toControl } from './markdown';

/** Text of `docs/reference/cost.md`: what each control takes away from users. */
export function costPage(controls: readonly Control[]): string {
  return page(
    ['# What hardening costs'],
    [generatedNote],
    ['What users lose by a control, or where it ends. A control whose cost is too high is waived, with a reason.'],
    ...[...areasOf(controls)].flatMap(([area, of]) => [
      [`## ${area}`],
      table(
        ['Control', 'Severity', 'Cost'],
        of.map(({ id, severity, cost }) => [toControl(id), severity, prose(cost)]),
      ),
    ]),
  );
}
