/** Filters of the matrix. Without it the page shows everything; a link to a control opens it. Paper shows what changed in full. */
export const script = `
'use strict';
const filters = document.getElementById('filters');
const shown = document.getElementById('shown');
const controls = [...document.querySelectorAll('tr.control')];
function apply() {
  const form = new FormData(filters);
  const words = String(form.get('text')).toLowerCase().split(/\\s+/).filter(Boolean);
  const area = form.get('area');
  const verdicts = form.getAll('verdict');
  let count = 0;
  for (const control of controls) {
    const fits = (area === '' || control.parentElement.dataset.area === area)
      && verdicts.includes(control.dataset.verdict)
      && words.every((word) => control.dataset.words.includes(word));
    control.hidden = !fits;
    if (fits) count += 1;
  }
  for (const body of document.querySelectorAll('tbody[data-area]')) {
    body.hidden = !body.querySelector('tr.control:not([hidden])');
  }
  shown.textContent = count + ' of ' + controls.length + ' controls';
}
filters.hidden = false;
filters.addEventListener('input', apply);
filters.addEventListener('submit', (event) => event.preventDefault());
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches('tr.control')) return;
  filters.reset();
  apply();
  target.querySelector('details').open = true;
  target.scrollIntoView({ block: 'center' });
}
addEventListener('hashchange', openTarget);
openTarget();
let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('#changes ~ details:not([open])')];
  for (const each of closed) each.open = true;
});
addEventListener('afterprint', () => {
  for (const each of closed) each.open = false;
});
`;
