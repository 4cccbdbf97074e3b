import type { Finding, Rule } from '../finding';
import { nearFix } from '../near';

/** A waiver names a control that exists, and ends. */
export const waivers: Rule = ({ waivers: entries = [], nodes = [] }, { today, controlIds }) => {
  const nodeNames = nodes.flatMap((node) => node?.name ?? []);
  return entries.flatMap((waiver, index): Finding[] => {
    const found: Finding[] = [];
    const at = (field: string) => ['waivers', index, field];
    if (waiver?.control !== undefined && !controlIds.includes(waiver.control)) {
      found.push({
        code: 'SPEC_WAIVER_UNKNOWN_CONTROL',
        path: at('control'),
        message: 'there is no such control',
        got: waiver.control,
        allowed: 'a control id, as `bulwark explain` lists them',
        fix: nearFix(waiver.control, controlIds, 'run `bulwark explain` for the list'),
      });
    }
    if (waiver?.expires !== undefined && waiver.expires < today) {
      found.push({
        code: 'SPEC_WAIVER_EXPIRED',
        path: at('expires'),
        message: 'this waiver has expired',
        got: waiver.expires,
        allowed: `${today} or later`,
        fix: 'remove the waiver, or decide anew and write a later date',
      });
    }
    // An unreadable date is reported by the schema; only `platform` says that a date is not meant.
    if (waiver?.control !== undefined && waiver.expires === undefined && waiver.platform === false) {
      found.push({
        code: 'SPEC_WAIVER_UNDATED',
        path: at('expires'),
        message: 'a waiver needs an end',
        got: 'no valid date',
        allowed: 'a date such as 2027-01-31',
        fix: 'add `expires`; only a waiver that the platform forces (`platform: true`) may go without',
      });
    }
    if (waiver?.nodes && (waiver.namespaces ?? waiver.objects)) {
      found.push({
        code: 'SPEC_WAIVER_MIXED_SCOPE',
        path: at('nodes'),
        message: 'what is found on nodes lies in no namespace, so this waiver would excuse nothing',
        got: `nodes with ${waiver.namespaces ? 'namespaces' : 'objects'}`,
        allowed: 'nodes alone, or namespaces and objects',
        fix: 'write two waivers',
      });
    }
    for (const [position, id] of (waiver?.compensatedBy ?? []).entries()) {
      if (id === undefined) continue;
      const path = ['waivers', index, 'compensatedBy', position];
      if (id === waiver?.control) {
        found.push({
          code: 'SPEC_WAIVER_COMPENSATES_ITSELF',
          path,
          message: 'a control that is given up cannot stand in for itself',
          got: id,
          fix: 'name the control that stands in, or describe the measure in `compensation`',
        });
      } else if (!controlIds.includes(id)) {
        found.push({
          code: 'SPEC_WAIVER_UNKNOWN_CONTROL',
          path,
          message: 'there is no such control',
          got: id,
          allowed: 'a control id, as `bulwark explain` lists them',
          fix: nearFix(id, controlIds, 'describe a measure that is no control in `compensation`'),
        });
      }
    }
    for (const [position, name] of (waiver?.nodes ?? []).entries()) {
      if (name === undefined || nodeNames.includes(name)) continue;
      found.push({
        code: 'SPEC_WAIVER_UNKNOWN_NODE',
        path: ['waivers', index, 'nodes', position],
        message: 'there is no such node',
        got: name,
        allowed: nodeNames.join(', '),
        fix: nearFix(name, nodeNames, 'name a node of this spec'),
      });
    }
    return found;
  });
};
