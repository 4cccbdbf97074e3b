import { LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb';
import { getEngine, resetOptions } from '@pulumi/pulumi/runtime/settings';
import type { Say } from './resource';

const severities = { info: LogSeverity.INFO, warning: LogSeverity.WARNING, ephemeral: LogSeverity.INFO } as const;

/**
 * Speaks to the engine's display, beside the resource. The SDK's own log is for programs, which name a resource object.
 *
 * @param address of the engine, as it gives it to a provider it starts
 */
export function engineLog(address: string): (urn: string) => Say {
  // Only the engine's address matters here; a provider has no project, stack or monitor.
  resetOptions('', '', 1, address, '', false, '');
  return (urn) =>
    (text, kind = 'info') => {
      const request = new LogRequest();
      request.setSeverity(severities[kind]);
      request.setMessage(text);
      request.setUrn(urn);
      request.setEphemeral(kind === 'ephemeral');
      // A line that does not arrive is no reason to stop.
      getEngine()?.log(request, () => undefined);
    };
}
