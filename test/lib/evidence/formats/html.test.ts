import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Evidence } from '../../../../lib/evidence';
import { formats } from '../../../../lib/evidence/formats';
import { browse } from '../../../support/browser';
import { exampleEvidence } from '../../../support/evidence';
import { describeWith } from '../../../support/judges';

const hostile = `<script>document.title='taken'</script><img src=x onerror="document.title='taken'">"'`;
const hardened = exampleEvidence();
const attacked: Evidence = {
  ...hardened,
  warnings: [hostile],
  controls: hardened.controls.map((control) => ({ ...control, title: hostile })),
  rows: hardened.rows.map((row) => ({ ...row, observed: hostile })),
};

describeWith('the HTML report in a browser', ['chromium'], ({ chromium }) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-html-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The page as the browser has it after its script ran, and what the browser complained of. */
  function open(page: string, fragment = ''): { readonly dom: string; readonly complaints: readonly string[] } {
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const { stdout, stderr } = browse(chromium, [
      '--enable-logging=stderr',
      '--dump-dom',
      `${pathToFileURL(file).href}${fragment}`,
    ]);
    return { dom: stdout, complaints: stderr.split('\n').filter((line) => line.includes(':CONSOLE')) };
  }

  const page = formats.html?.({ evidence: attacked, version: '0.0.0' }) ?? '';
  const count = attacked.controls.length;

  test('runs its own script and no text of the evidence, without a complaint', () => {
    const { dom, complaints } = open(page);
    expect(complaints).toEqual([]);
    expect(dom).toContain('<title>Evidence: example</title>');
    // In the DOM's own text only attributes hold a bare `<`.
    expect(dom.replace(/"[^"]*"/g, '""')).not.toContain('<img');
    // Hidden without the script, shown by it.
    expect(dom).toMatch(/<form id="filters"(?![^>]*hidden)/);
  }, 90_000);

  test('refuses a script that is not its own', () => {
    const { dom, complaints } = open(page.replace('</body>', "<script>document.title='taken'</script></body>"));
    expect(complaints.join()).toContain('Content Security Policy');
    expect(dom).not.toContain('<title>taken</title>');
  }, 90_000);

  test('opens the control that a link names', () => {
    const { dom } = open(page, '#kubelet/cgroup-v2');
    expect(dom).toMatch(/<tr class="control" id="kubelet\/cgroup-v2"[^>]*>\s*<th scope="row"><details open=""/);
    expect(dom.match(/<details open/g)).toHaveLength(1);
  }, 90_000);

  test('filters by text, area and verdict, and says how many are left', () => {
    const hand = `<script>
      const said = [];
      const type = (act) => {
        act(filters.elements);
        filters.dispatchEvent(new Event('input'));
        said.push(shown.textContent);
        filters.reset();
      };
      type(() => {});
      type(({ text }) => { text.value = 'KUBELET/cgroup-v2'; });
      type(({ area }) => { area.value = 'etcd'; });
      type(({ verdict }) => { for (const box of verdict) box.checked = box.value === 'pass'; });
      document.title = said.join(', ');
    </script>`;
    // The page's own policy would refuse the hand that types.
    const freed = page.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', `${hand}</body>`);
    const inArea = attacked.controls.filter(({ id }) => id.startsWith('etcd/')).length;
    const passing = attacked.controls.filter(({ verdict }) => verdict === 'pass').length;
    const [, title] = /<title>([^<]*)</.exec(open(freed).dom) ?? [];
    expect(title).toBe([count, 1, inArea, passing].map((left) => `${left} of ${count} controls`).join(', '));
    expect(passing).toBeLessThan(count);
  }, 90_000);
});
