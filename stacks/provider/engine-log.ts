import { LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb';
import { getEngine, resetOptions } from '@pulumi/pulumi/runtime/settings';
import type { Say } from './resource';

const severities = { info: LogSeverity.INFO, warning: LogSeverity.WARNING, ephemeral: LogSeverity.INFO } as const;

/** The engine's display. */
export interface EngineLog {
  /** Speaks beside a resource. */
  about(urn: string): Say;
  /** Ends when the engine has every line, or will not have it. A step that ends before its lines may lose them. */
  arrived(): Promise<void>;
}

/**
 * Speaks to the engine's display. The SDK's own log is for programs, which name a resource object.
 *
 * @param address of the engine, as it gives it to a provider it starts
 */
export function engineLog(address: string): EngineLog {
  // Only the engine's address matters here; a provider has no project, stack or monitor.
  resetOptions('', '', 1, address, '', false, '');
  const engine = getEngine();
  let sent = Promise.resolve();
  const send = (request: LogRequest): Promise<void> =>
    // A line that does not arrive is no reason to stop.
    new Promise((done) => (engine ? engine.log(request, () => done()) : done()));
  return {
    about:
      (urn) =>
      (text, kind = 'info') => {
        const request = new LogRequest();
        request.setSeverity(severities[kind]);
        request.setMessage(text);
        request.setUrn(urn);
        request.setEphemeral(kind === 'ephemeral');
        const before = sent;
        const line = send(request);
        sent = before.then(() => line);
      },
    arrived: () => sent,
  };
}
