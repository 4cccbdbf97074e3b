import { type Attack, judgeHardened, type Outcome, type Target, textOf } from '../attacks/attack';
import { inPod, liftDefaultDeny, liftFirewall } from '../attacks/steps';
import {
  foreignResolver,
  metadataIsRead,
  metadataService,
  readMetadata,
  startStranger,
  stopStranger,
} from '../attacks/stranger';
import { hardenedTarget, redisImage } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { attempt, whileLifted } from './support/lifted';
import { places, podOfTier, startExample, stopExample } from './support/three-tiers';
import { timed } from './support/timing';

const { shop, ingress, borrower } = places;

/** From a tier of the shop. */
const fromTier = (tier: string, script: (target: Target) => string | Promise<string>): Attack['run'] => {
  return async (target) => inPod(target, shop, (await podOfTier(target, tier)).name, await script(target));
};

const fromBorrower = (name: string, script: (target: Target) => Promise<string>): Attack['run'] => {
  return async (target) => inPod(target, borrower, name, await script(target));
};

const askRedis = async (target: Target): Promise<string> =>
  `echo PING | nc -w 3 ${(await podOfTier(target, 'redis')).address} 6379`;

const askBackend = async (target: Target): Promise<string> =>
  String.raw`printf 'GET /ready HTTP/1.0\r\n\r\n' | nc -w 3 ${(await podOfTier(target, 'backend')).address} 8080`;

const refusal = (
  id: string,
  title: string,
  run: Attack['run'],
  opens: RegExp,
  refused = /nc: timed out[\s\S]*exit 1$/,
): Attack => ({
  id,
  title,
  source: 'The three tiers of a 2018 term paper, done right',
  run,
  refused,
  succeeds: opens,
});

const redisAnswers = /-NOAUTH Authentication required/;

const refusals: readonly Attack[] = [
  refusal('frontend-redis', 'the frontend does not reach Redis', fromTier('frontend', askRedis), redisAnswers),
  refusal('redis-backend', 'Redis does not reach the backend', fromTier('redis', askBackend), /200 OK/),
  refusal(
    'borrowed-redis',
    "a pod of another namespace with the backend's labels does not reach Redis",
    fromBorrower('backend', askRedis),
    redisAnswers,
  ),
  refusal(
    'borrowed-backend',
    "a pod of another namespace with the frontend's labels does not reach the backend",
    fromBorrower('frontend', askBackend),
    /200 OK/,
  ),
  refusal(
    'metadata',
    'a pod does not reach the metadata address',
    fromTier('backend', () => readMetadata),
    metadataIsRead,
  ),
  refusal(
    'kubelet',
    "a pod does not reach a node's kubelet",
    fromTier('frontend', ({ controlPlane }) => `nc -w 3 ${controlPlane.address} 10250 </dev/null && echo connected`),
    /connected[\s\S]*exit 0$/,
  ),
  refusal(
    'etcd',
    'a pod does not reach etcd',
    fromTier('frontend', ({ controlPlane }) => `nc -w 3 ${controlPlane.address} 2379 </dev/null && echo connected`),
    /connected[\s\S]*exit 0$/,
  ),
  refusal(
    'resolver',
    'a pod does not reach a resolver outside of the cluster',
    fromTier('backend', () => `nslookup name.example ${foreignResolver.address}`),
    /192\.0\.2\.1\b/,
    /connection timed out; no servers could be reached/,
  ),
];

describe('the three-tier example', () => {
  let target: LabTarget;
  let refused: readonly Outcome[] = [];
  let opened: readonly Outcome[] = [];

  beforeAll(async () => {
    target = await hardenedTarget();
    await timed('the three tiers', async () => startExample(target, await redisImage()));
    for (const stranger of [metadataService, foreignResolver]) {
      const { code, stderr } = await startStranger(target, stranger);
      if (code !== 0) throw new Error(`${stranger.name}: ${stderr}`);
    }
    refused = await timed('what is refused', () => Promise.all(refusals.map((each) => attempt(each, target))));
    // The firewall of the node stands behind the policies, before the kubelet and etcd.
    const [policies, firewall] = [liftDefaultDeny(), liftFirewall(({ controlPlane }) => controlPlane)];
    const lift = {
      off: async () => {
        await policies.off(target);
        await firewall.off(target);
      },
      on: async () => {
        await firewall.on(target);
        await policies.on(target);
      },
    };
    opened = await timed('the same with the policies off, and back', () => whileLifted(refusals, lift, target));
  });

  afterAll(async () => {
    if (!target) return;
    await Promise.all([metadataService, foreignResolver].map((stranger) => stopStranger(target, stranger)));
    await timed('the three tiers away', () => stopExample(target));
    await target.close();
  });

  test('serves: ingress controller → frontend → backend → Redis, by name', async () => {
    const { address } = await podOfTier(target, 'frontend');
    const ask = String.raw`printf 'GET /visits HTTP/1.0\r\n\r\n' | nc -w 9 ${address} 8080`;
    const counted = async () => /^:(\d+)/m.exec(textOf(await inPod(target, ingress, 'controller', ask)))?.[1];
    const first = Number(await counted());
    expect(first).toBeGreaterThan(0);
    expect(Number(await counted())).toBe(first + 1);
  });

  test.each(refusals.map(({ title }, index) => [title, index] as const))(
    '%s; it does once the policies are off',
    (_title, index) => {
      const attack = refusals[index] as Attack;
      const [denied, allowed] = [refused[index] as Outcome, opened[index] as Outcome];
      const verdict = judgeHardened(attack, denied);
      expect({ verdict, said: verdict === 'refused' ? '' : textOf(denied) }).toEqual({ verdict: 'refused', said: '' });
      const opens = attack.succeeds.test(textOf(allowed));
      expect({ opens, said: opens ? '' : textOf(allowed) }).toEqual({ opens: true, said: '' });
    },
  );
});
