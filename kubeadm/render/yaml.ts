import { stringify } from 'yaml';
import { comment } from './comment';

/**
 * One or several YAML documents below a header that names the controls that shaped them. Key order is the order given;
 * block style throughout, no anchors and no folded lines, so that a diff of two renderings is a diff of values. Words
 * that YAML 1.1 readers (Ansible) take for a boolean are quoted.
 *
 * @param documents plain data, `undefined` members are left out
 * @param origins ids of the controls, `spec:<path>` or `base`
 */
export function renderYaml(documents: readonly object[], origins: readonly string[]): string {
  const texts = documents.map((document) =>
    stringify(document, {
      aliasDuplicateObjects: false,
      compat: 'yaml-1.1',
      lineWidth: 0,
      indentSeq: true,
      sortMapEntries: false,
    }),
  );
  return comment(origins) + texts.join('---\n');
}
