import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceError } from '@grpc/grpc-js';
import type { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  UpdateRequest,
} from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { specialSecretSig, specialSigKey } from '@pulumi/pulumi/runtime/rpc';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { version } from '../../package.json';
import { ProviderProcess } from '../support/provider-process';
import { specInput } from '../support/spec';

jest.setTimeout(120_000);

type Values = { readonly [name: string]: JavaScriptValue };

const urnOf = (type: string) => `urn:pulumi:dev::trial::bulwark:index:HardenedCluster$bulwark:index:${type}::demo`;
const urn = urnOf('Cluster');
const struct = (values: object) => Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
const folder = mkdtempSync(join(tmpdir(), 'bulwark-provider-'));
const inputs = (changes: object = {}) => ({
  spec: specInput(),
  stateDirectory: join(folder, 'state'),
  // There is no node software in it, so no run gets as far as a machine.
  artifactsDirectory: folder,
  allowWeaker: false,
  destroyCluster: false,
  ...changes,
});

const provider = new ProviderProcess();
beforeAll(() => provider.start());
afterAll(async () => {
  await provider.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function check(news: object, of = urn) {
  const { client } = provider;
  const answer = await provider.ask<CheckRequest, CheckResponse>(
    client.check,
    new CheckRequest().setUrn(of).setOlds(struct({})).setNews(struct(news)),
  );
  const failures = answer.getFailuresList().map((failure) => failure.toObject());
  return { inputs: answer.getInputs()?.toJavaScript() as Values, failures };
}

async function diff(olds: object, news: object) {
  const request = new DiffRequest().setId('demo').setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
  return (await provider.ask<DiffRequest, DiffResponse>(provider.client.diff, request)).getChanges();
}

/** What the engine reads of a resource that was made, or not, when a step failed. */
async function failureOf(step: Promise<unknown>) {
  const error = await step.then(
    () => undefined,
    (reason: ServiceError) => reason,
  );
  const [packed] = error?.metadata.get('grpc-status-details-bin') ?? [];
  const [detail] = packed ? Status.deserializeBinary(packed as Buffer).getDetailsList() : [];
  const left = detail && ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return { message: error?.details, id: left?.getId(), properties: left?.getProperties()?.toJavaScript() };
}

test('it says which release it is', async () => {
  expect((await provider.ask<Empty, PluginInfo>(provider.client.getPluginInfo, new Empty())).getVersion()).toBe(
    version,
  );
});

test('a check plans what each node will be, and refuses every error of a spec', async () => {
  const planned = await check(inputs());
  expect(planned.failures).toEqual([]);
  expect(planned.inputs).toMatchObject({ plan: { controls: { 'kubelet/anonymous-auth': 'on' } } });
  const { failures } = await check(inputs({ spec: { ...specInput(), profle: 'strict' } }));
  expect(failures).toEqual([{ property: 'spec.profle', reason: expect.stringContaining('Fix:') }]);
});

test('a refusal of a whole input does not have the engine print it', async () => {
  const { failures } = await check(inputs({ forgetNodes: ['cp-1'] }));
  expect(failures).toEqual([{ property: '', reason: expect.stringMatching(/^forgetNodes: this node is in the spec/) }]);
});

test('what is a secret stays one, and so does the plan that shows it', async () => {
  const secret = { [specialSigKey]: specialSecretSig, value: specInput() };
  const { inputs: checked } = await check(inputs({ spec: secret }));
  expect(checked.spec).toEqual(secret);
  expect(checked.plan).toMatchObject({ [specialSigKey]: specialSecretSig });
  expect(checked.destroyCluster).toBe(false);
});

test('nothing changed is no difference, and a changed spec is one', async () => {
  const { inputs: checked } = await check(inputs());
  expect(await diff({ ...checked, bundleDigest: 'of it' }, checked)).toBe(DiffResponse.DiffChanges.DIFF_NONE);
  const changed = { ...checked, spec: { ...specInput(), profile: 'strict' } };
  expect(await diff({ ...checked, bundleDigest: 'of it' }, changed)).toBe(DiffResponse.DiffChanges.DIFF_SOME);
});

test('a creation that fails leaves the resource and its reason, and shows what it did beside it', async () => {
  const { inputs: checked } = await check(inputs());
  const request = new CreateRequest().setUrn(urn).setProperties(struct(checked));
  const failure = await failureOf(provider.ask(provider.client.create, request));
  expect(failure).toMatchObject({ id: 'example', properties: { stateDirectory: join(folder, 'state') } });
  expect(failure.message).toBeTruthy();
  expect(failure.properties).not.toHaveProperty('endpoint');
});

test('an update that fails leaves what was there, so that the next one goes on', async () => {
  const { inputs: checked } = await check(inputs());
  const state = { ...checked, endpoint: 'https://192.0.2.11:6443', bundleDigest: 'of it' };
  const news = { ...checked, spec: { ...specInput(), profile: 'strict' } };
  const request = new UpdateRequest().setId('demo').setUrn(urn).setOlds(struct(state)).setNews(struct(news));
  const { properties } = await failureOf(provider.ask(provider.client.update, request));
  expect(properties).toMatchObject({ endpoint: state.endpoint, spec: { name: 'example' } });
  expect(properties).not.toHaveProperty('bundleDigest');
});

test('a deletion that leaves the cluster running says so beside the resource', async () => {
  const nodes = specInput().nodes.map((node) => ({ ...node, address: `${node.address}0` }));
  const state = inputs({ spec: specInput({ nodes }) });
  const request = new DeleteRequest().setId('demo').setUrn(urn).setProperties(struct(state));
  await provider.ask(provider.client.delete, request);
  expect(provider.shown).toContainEqual({
    urn,
    text: expect.stringContaining('is left on its nodes'),
    ephemeral: false,
  });
});

test('a deletion takes nothing away from a resource that the same update made on the same machines', async () => {
  const { client } = provider;
  const { inputs: checked } = await check(inputs({ destroyCluster: true }));
  const heir = urn.replace('::demo', '::renamed');
  await failureOf(provider.ask(client.create, new CreateRequest().setUrn(heir).setProperties(struct(checked))));
  await provider.ask(client.delete, new DeleteRequest().setId('example').setUrn(urn).setProperties(struct(checked)));
  const text = 'example belongs to the resource renamed now, and is left as it is';
  expect(provider.shown).toContainEqual({ urn, text, ephemeral: false });
});

test('what becomes a secret without another change is one in what was made from it, too', async () => {
  const { inputs: checked } = await check(inputs());
  const state = { ...checked, kubeconfig: 'apiVersion: v1', bundleDigest: 'of it' };
  const hide = (value: unknown) => ({ [specialSigKey]: specialSecretSig, value });
  const hidden = { ...checked, spec: hide(checked.spec), plan: hide(checked.plan) };
  expect(await diff({ ...state, ...hidden }, hidden)).toBe(DiffResponse.DiffChanges.DIFF_SOME);
  const closed = { ...state, ...hidden, kubeconfig: hide(state.kubeconfig) };
  expect(await diff(closed, hidden)).toBe(DiffResponse.DiffChanges.DIFF_NONE);
  // What is no secret any more stays one until something else changes.
  expect(await diff(closed, checked)).toBe(DiffResponse.DiffChanges.DIFF_NONE);
});

test('a resource that it does not know is an error', async () => {
  await expect(check({}, urnOf('Nothing'))).rejects.toThrow('knows no resource bulwark:index:Nothing');
});

test('the engine dismisses it with an interrupt', async () => {
  const idle = new ProviderProcess();
  const process = await idle.start();
  process.kill('SIGINT');
  expect(await once(process, 'exit')).toEqual([0, null]);
  await idle.stop();
});

test('it does not outlive an engine that was killed', async () => {
  const orphan = new ProviderProcess();
  // The shell stands for the engine: it starts the provider and is killed.
  const engine = await orphan.start(['sh', '-c', '"$@" & echo "$!" >&2; wait', 'engine']);
  engine.kill('SIGKILL');
  const gone = async () =>
    orphan.ask(orphan.client.getPluginInfo, new Empty()).then(
      () => false,
      () => true,
    );
  const deadline = Date.now() + 30_000;
  while (!(await gone()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await gone()).toBe(true);
  await orphan.stop();
});
