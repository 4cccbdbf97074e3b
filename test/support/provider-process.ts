import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { credentials, Server, ServerCredentials, type ServerUnaryCall, type ServiceError } from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import type { LogRequest } from '@pulumi/pulumi/proto/engine_pb';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

const root = join(__dirname, '../..');

/** A line that the provider has the engine show. */
export interface Shown {
  readonly urn: string;
  readonly text: string;
  readonly ephemeral: boolean;
}

/** The provider as the engine starts it, in a process of its own, with an engine that only listens to its log. */
export class ProviderProcess {
  readonly shown: Shown[] = [];
  private readonly engine = new Server();
  private process?: ChildProcess;
  client!: ResourceProviderClient;

  /** @param launcher program and arguments that start Node. @default Node itself */
  async start(launcher: readonly string[] = []): Promise<ChildProcess> {
    this.engine.addService(EngineService, {
      log: (call: ServerUnaryCall<LogRequest, Empty>, answer: (error: null, empty: Empty) => void) => {
        const { urn, message: text, ephemeral } = call.request.toObject();
        this.shown.push({ urn, text, ephemeral });
        answer(null, new Empty());
      },
    });
    const bind = promisify(this.engine.bindAsync.bind(this.engine));
    const port = await bind('127.0.0.1:0', ServerCredentials.createInsecure());
    const node = [process.execPath, '--import', 'tsx', join(root, 'stacks/provider/main.ts'), `127.0.0.1:${port}`];
    const [program = '', ...args] = [...launcher, ...node];
    this.process = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(this.process.stdout as NodeJS.ReadableStream), 'line');
    this.client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure());
    return this.process;
  }

  async stop(): Promise<void> {
    this.client.close();
    this.engine.forceShutdown();
    if (this.process?.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGINT');
    await once(this.process, 'exit');
  }

  /** One call of the engine's protocol. */
  ask<Request, Answer>(
    method: (request: Request, answer: (error: ServiceError | null, answer: Answer) => void) => unknown,
    request: Request,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      method.call(this.client, request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }
}
