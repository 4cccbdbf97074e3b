import type { Control } from '../controls/control';
import type { Resolution } from '../resolve';
import type { Setting } from '../settings/setting';
import type { SourceDocument } from '../spec/document';
import { coversPlace } from '../spec/waiver-scope';
import type { Location } from './evidence';

export interface LocateOptions {
  readonly resolution: Resolution;
  /** The spec as it was read. */
  readonly document: SourceDocument;
  /** How the spec's file is to be named. */
  readonly specFile: string;
  /** The bundle: content by path, `manifest.json` included. */
  readonly bundle: ReadonlyMap<string, string>;
}

/**
 * Finds the line that answers for a control in a place: that of its waiver; else the line of the rendered file that
 * carries its setting; else, for what is not rendered, the node or the profile in the spec.
 */
export function locator(options: LocateOptions): (control: Control, where: string) => Location {
  const { resolution, document, specFile, bundle } = options;
  const { cluster } = resolution;
  const { files } = JSON.parse(bundle.get('manifest.json') ?? '{"files":{}}') as {
    files: Readonly<Record<string, { controls: readonly string[] }>>;
  };
  const inSpec = (...path: readonly (string | number)[]): Location => ({ file: specFile, line: document.lineOf(path) });

  return (control, where) => {
    const waiver = cluster.waivers.findIndex((each) => each.control === control.id && coversPlace(each, where));
    if (waiver >= 0) return inSpec('waivers', waiver);

    const place = cluster.spec.nodes.some(({ name }) => name === where) ? where : cluster.controlPlanes[0]?.name;
    const shaped = Object.entries(files)
      .filter(([path, { controls }]) => path.startsWith(`nodes/${place}/`) && controls.includes(control.id))
      .map(([path]) => path);
    const settings = control.settings(cluster);
    for (const name of settings.flatMap(namesOf)) {
      for (const path of shaped) {
        const line = lineWith(bundle.get(path) ?? '', name);
        if (line > 0) return { file: `bundle/${path}`, line };
      }
    }
    const [first] = shaped;
    if (first !== undefined) {
      return { file: `bundle/${first}`, line: Math.max(1, lineWith(bundle.get(first) ?? '', control.id, true)) };
    }
    const node = cluster.spec.nodes.findIndex(({ name }) => name === where);
    return node >= 0 ? inSpec('nodes', node) : inSpec('profile');
  };
}

/** Number of the first line that has the name as a word, or 0. Comments count only where they are asked for. */
function lineWith(text: string, name: string, comments = false): number {
  const word = new RegExp(`(?<![\\w/-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w/-])`);
  return text.split('\n').findIndex((line) => (comments || !/^\s*#/.test(line)) && word.test(line)) + 1;
}

/** Names by which a rendered file carries a setting. */
function namesOf(setting: Setting): readonly string[] {
  switch (setting.kind) {
    case 'component-arg':
    case 'component-arg-list':
    case 'sysctl':
    case 'kernel-module':
    case 'unit-option':
      return [setting.name];
    case 'kubelet-field':
    case 'kube-proxy-field':
    case 'cluster-configuration-field':
      return setting.path.split('.').slice(-1);
    case 'containerd-field':
      return setting.path.slice(-1);
    case 'encrypted-resource':
      return [setting.resource];
    case 'admission-plugin-configuration':
      return [setting.plugin];
    case 'firewall-rule':
      return [String(typeof setting.port === 'number' ? setting.port : setting.port[0])];
    case 'file-mode':
    case 'absent-file':
    case 'directory':
      return [setting.path];
    default:
      return [];
  }
}
