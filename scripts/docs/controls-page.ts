import { benchmarks } from '../../lib/benchmarks';
import type { AnyCheck } from '../../lib/checks';
import type { Control } from '../../lib/controls/control';
import type { Source } from '../../lib/controls/sources';
import type { Resolution } from '../../lib/resolve';
import { anchor, bullets, code, generatedNote, page, prose, table } from './markdown';
import { settingText } from './setting-text';

/** Text of `docs/reference/controls.md`: every control, with settings and checks as they are for one cluster. */
export function controlsPage(controls: readonly Control[], example: Resolution): string {
  const areas = areasOf(controls);
  return page(
    ['# Controls'],
    [generatedNote],
    [
      `Bulwark has ${controls.length} controls. Settings and checks are shown as they are for the spec in \`examples/three-machines/cluster.yaml\`.`,
      'A check proves by *effect* (what happens when somebody tries), by a *live* value (what a running program or the system says of itself), or by *text* (what a file says), which is the last resort.',
    ],
    table(
      ['Area', 'Controls'],
      [...areas].map(([area, of]) => [`[${area}](#${anchor(area)})`, `${of.length}`]),
    ),
    ...[...areas].flatMap(([area, of]) => [[`## ${area}`], ...of.flatMap((control) => section(control, example))]),
  );
}

export function areasOf(controls: readonly Control[]): ReadonlyMap<string, readonly Control[]> {
  const areas = new Map<string, Control[]>();
  for (const control of controls) {
    const area = control.id.split('/')[0] ?? '';
    areas.set(area, [...(areas.get(area) ?? []), control]);
  }
  return areas;
}

function section(control: Control, { cluster, controls }: Resolution): readonly (readonly string[])[] {
  const facts = [
    ['Severity', control.severity],
    ['Threats', control.threats.join(', ')],
    ['Stops attacks', control.stops.join(', ') || 'none in particular'],
    ['Profiles', control.profiles.join(', ')],
    ['Stock kubeadm', control.stock === 'differs' ? 'fails it' : 'passes it; later changes are found'],
    ['Waiver', control.waivable === false ? 'not possible' : 'possible'],
  ];
  return [
    [`### ${control.id}`],
    [`**${prose(control.title)}.** ${prose(control.why)}`],
    [`Cost: ${prose(control.cost)}`],
    table(['', ''], facts),
    ...(controls.includes(control) ? shown(control, cluster) : [['Does not concern the example cluster.']]),
    ['Sources:', '', ...bullets(control.sources.map(sourceText))],
  ];
}

function shown(control: Control, cluster: Resolution['cluster']): readonly (readonly string[])[] {
  const settings = control.settings(cluster).map((setting) => code(settingText(setting)));
  const checks = new Set(control.checks(cluster).map(checkText));
  return [
    settings.length > 0
      ? ['Settings:', '', ...bullets(settings)]
      : ['Settings: none; what is there by itself is checked.'],
    ['Checks:', '', ...bullets([...checks])],
  ];
}

const places = { 'control-plane': 'control planes', worker: 'workers', node: 'every node', cluster: 'the cluster' };

const checkText = ({ scope, node, expected, strength, probe }: AnyCheck): string =>
  `${node === undefined ? places[scope] : 'each such node'}: ${code(expected)} (${strength}, by ${probe.kind})`;

/** A source with what it demands, where its list is one of ours. */
function sourceText({ list, id }: Source): string {
  const demand = benchmarks.find((benchmark) => benchmark.list === list)?.demands.find((each) => each.id === id);
  return demand ? `${list} ${id}: ${prose(demand.title)}` : `${list}: ${prose(id)}`;
}
