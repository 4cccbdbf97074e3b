import { z } from 'zod';
import { type AttackResult, type Evidence, verdicts } from './evidence';

const verdict = z.enum(verdicts);
const seen = z.enum(['pass', 'fail', 'not-applicable', 'not-observed', 'error']);
const texts = z.array(z.string());
const attackVerdict = z.enum(['refused', 'succeeded', 'void', 'unclear']);
const attack = z.object({
  id: z.string(),
  title: z.string(),
  hardened: attackVerdict,
  stock: attackVerdict,
  weakness: z.string().optional(),
  denial: z.string().optional(),
  lifted: z.enum(['opens', 'void']).optional(),
});
const waiver = z.object({
  reason: z.string(),
  owner: z.string(),
  expires: z.string().optional(),
  nodes: texts.optional(),
  namespaces: texts.optional(),
  objects: z.array(z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() })).optional(),
  compensation: z.string().optional(),
  compensatedBy: texts.optional(),
  uncompensated: texts.optional(),
});
const counts = z.record(verdict, z.number().int().nonnegative());

/** Keys that are not known are dropped: a later version may add some. */
const evidenceSchema: z.ZodType<Evidence> = z.object({
  schema: z.literal('bulwark.dev/evidence/v1'),
  cluster: z.string(),
  kubernetesVersion: z.string(),
  profile: z.string(),
  at: z.iso.datetime(),
  controls: z.array(
    z.object({
      id: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
      title: z.string(),
      severity: z.enum(['critical', 'high', 'medium', 'low']),
      verdict,
      sources: texts,
      stops: texts,
      threats: z.array(z.enum(['external', 'admin', 'user', 'provider', 'supply-chain'])),
      waivers: z.array(waiver),
    }),
  ),
  rows: z.array(
    z.object({
      control: z.string(),
      scope: z.enum(['control-plane', 'worker', 'node', 'cluster']),
      where: z.string(),
      verdict,
      expected: z.string(),
      observed: z.string(),
      strength: z.enum(['effect', 'live', 'text']),
      seen: seen.optional(),
      explained: z.boolean().optional(),
      at: z.string().optional(),
      proof: z.object({ probe: z.string(), seen: z.string(), sha256: z.string() }).optional(),
      sources: texts,
      stops: texts,
      waivers: z.array(waiver).optional(),
      location: z.object({ file: z.string(), line: z.number().int().positive() }).optional(),
    }),
  ),
  areas: z.record(z.string(), counts),
  total: counts,
  warnings: texts,
  bundleSha256: z.string().optional(),
  attacks: z.array(attack).optional(),
});

/**
 * Reads evidence that a verification wrote.
 *
 * @throws ZodError where the value is no evidence
 */
export function parseEvidence(value: unknown): Evidence {
  return evidenceSchema.parse(value);
}

/**
 * Reads the results of attacks.
 *
 * @throws ZodError where the value is no list of them
 */
export function parseAttackResults(value: unknown): readonly AttackResult[] {
  return z.array(attack).parse(value);
}
