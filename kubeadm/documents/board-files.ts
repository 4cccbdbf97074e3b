import { boardOf } from '../../lib/boards';
import type { Generator } from '../plan/planning';
import { comment } from '../render/comment';

/** Configuration of the system that only boards get. */
export const boardFiles: Generator = ({ settings }, node) =>
  boardOf(node) === undefined
    ? []
    : settings.of('board-file').map(({ setting: { path, lines, restarts }, origins }) => ({
        path,
        content: `${comment(origins)}${lines.join('\n')}\n`,
        mode: '0644',
        restarts,
        origins,
      }));
