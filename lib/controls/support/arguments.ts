import { processArg } from '../../checks';
import type { ControlPlaneComponent, Setting } from '../../settings/setting';
import type { Control } from '../control';

type Rendered = Pick<Control, 'settings' | 'checks'>;

/** One scalar argument of a static pod, seen on the running process. Spread into a control. */
export function componentArgument(component: ControlPlaneComponent, name: string, value: string): Rendered {
  return {
    settings: () => [argument(component, name, value)],
    checks: () => [processArg({ scope: 'control-plane', process: component, name, value })],
  };
}

export const argument = (component: ControlPlaneComponent, name: string, value: string): Setting => ({
  kind: 'component-arg',
  component,
  name,
  value,
});
