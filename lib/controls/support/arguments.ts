import { processArg } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import type { ControlPlaneComponent, Setting } from '../../settings/setting';
import type { Control } from '../control';
import type { ControlValue } from '../value';

type Rendered = Pick<Control, 'settings' | 'checks'>;

/** One scalar argument of a static pod, seen on the running process. Spread into a control. */
export function componentArgument(component: ControlPlaneComponent, name: string, value: string): Rendered {
  return {
    settings: () => [argument(component, name, value)],
    checks: () => [processArg({ scope: 'control-plane', process: component, name, value })],
  };
}

/** An argument whose value profiles may tighten. Spread into a control. @param text the value as the program reads it @default as it is */
export function valueArgument<T extends number | string>(
  component: ControlPlaneComponent,
  name: string,
  value: ControlValue<T>,
  text: (value: T) => string = String,
): Rendered & Pick<Control, 'value'> {
  const on = (cluster: ResolvedCluster) => componentArgument(component, name, text(value.on(cluster)));
  return {
    value: value,
    settings: (cluster) => on(cluster).settings(cluster),
    checks: (cluster) => on(cluster).checks(cluster),
  };
}

export const argument = (component: ControlPlaneComponent, name: string, value: string): Setting => ({
  kind: 'component-arg',
  component,
  name,
  value,
});
