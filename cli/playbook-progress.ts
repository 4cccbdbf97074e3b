import type { PlaybookEvent } from '../apply';
import type { Report } from './progress';

/** Shows the events of a playbook as details of the running step. */
export function showEvents(report: Report): (event: PlaybookEvent) => void {
  return (event) => {
    if (event.event === 'task') report(event.task);
    else if (event.event === 'progress') report(event.node === undefined ? event.text : `${event.node}: ${event.text}`);
  };
}
