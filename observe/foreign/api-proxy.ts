import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { capture } from '../../apply/programs';
import { HardeningError } from '../../lib/errors';
import type { Json } from '../../lib/settings/setting';

/** Which cluster of a kubeconfig is meant, and by which program it is reached. */
export interface KubeconfigRequest {
  /** Path of kubectl: it knows every way in which a kubeconfig may carry credentials. */
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** @default the current one */
  readonly context?: string;
}

/** What a kubeconfig says of its cluster. */
export interface KubeconfigCluster {
  readonly name: string;
  /** URL of the API server. */
  readonly server: string;
}

/** An answer of the API server; status 0 where none came. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
}

const flags = ({ kubeconfig, context }: KubeconfigRequest): readonly string[] => [
  `--kubeconfig=${kubeconfig}`,
  ...(context === undefined ? [] : [`--context=${context}`]),
];

/** @throws HardeningError of kind `usage` where the kubeconfig names no cluster */
export async function readKubeconfig(options: KubeconfigRequest): Promise<KubeconfigCluster> {
  const args = [...flags(options), 'config', 'view', '--minify', '--output=json'];
  const { status, output } = await capture(options.kubectl, args);
  if (status === 0) {
    const { clusters } = JSON.parse(output) as {
      clusters?: readonly { name: string; cluster: { server?: string } }[] | null;
    };
    const [first] = clusters ?? [];
    if (first?.cluster.server) return { name: first.name, server: first.cluster.server };
  }
  throw new HardeningError('usage', [
    {
      code: 'FOREIGN_KUBECONFIG',
      file: options.kubeconfig,
      message: 'this kubeconfig does not say which cluster is meant',
      got: status === 0 ? 'no server' : output.trim(),
      fix: 'give a kubeconfig with a current context, or --context',
    },
  ]);
}

/**
 * The API server with the credentials of a kubeconfig, on a Unix socket that only this user reaches. The credentials
 * stay with kubectl.
 */
export class ApiProxy {
  private constructor(
    readonly socket: string,
    private readonly end: () => Promise<void>,
  ) {}

  /**
   * @param directory a directory that only this user may enter
   * @throws HardeningError of kind `prerequisite` where kubectl does not start
   */
  static async start(options: KubeconfigRequest, directory: string): Promise<ApiProxy> {
    const socket = join(directory, 'api.sock');
    // A process group of its own: after Ctrl-C what was made is still taken away through it.
    const child = spawn(options.kubectl, [...flags(options), 'proxy', `--unix-socket=${socket}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    const started = await new Promise<boolean>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('Starting to serve')) resolve(true);
      });
      child.on('error', (error) => {
        said += error.message;
        resolve(false);
      });
      child.on('close', () => resolve(false));
    });
    if (!started) {
      throw new HardeningError('prerequisite', [
        {
          code: 'FOREIGN_KUBECTL',
          message: `kubectl did not start: ${said.trim()}`,
          fix: 'install kubectl, and see that `kubectl get nodes` works with this kubeconfig',
        },
      ]);
    }
    return new ApiProxy(socket, async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'close');
    });
  }

  /** One request. Never throws. */
  request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: Json): Promise<ApiAnswer> {
    return new Promise((resolve) => {
      const failed = (error: Error) => resolve({ status: 0, body: { message: error.message } });
      const outgoing = request(
        { socketPath: this.socket, method, path, timeout: 20_000, headers: { 'Content-Type': 'application/json' } },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          incoming.on('error', failed).on('end', () => {
            resolve({ status: incoming.statusCode ?? 0, body: parsed(text) });
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 20 s'))).on('error', failed);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): Promise<void> {
    return this.end();
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { message: text.slice(0, 300) };
  }
}
