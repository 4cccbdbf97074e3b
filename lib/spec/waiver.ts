import { z } from 'zod';
import { shortestReason } from '../lint/waiver';
import { dnsLabel, isoDate } from './primitives';

/** Why something is given up. Space around it does not count. */
export const waiverReason = z
  .string()
  .trim()
  .min(shortestReason, `a reason needs ${shortestReason} characters or more`);

export const waiverOwner = z.string().trim().min(1);

const waivedObject = z.strictObject({
  kind: z
    .string()
    .regex(/^[A-Z][A-Za-z0-9]*$/, 'a kind such as ClusterRoleBinding')
    .describe('Kind of the object'),
  namespace: dnsLabel.optional().describe('Its namespace, for kinds that live in one'),
  name: z.string().min(1).describe('Its name'),
});
export type WaivedObject = z.infer<typeof waivedObject>;

export const waiverSchema = z.strictObject({
  control: z.string().min(1).describe('Id of the waived control'),
  reason: waiverReason.describe('Why the control cannot hold'),
  owner: waiverOwner.describe('Who answers for the waiver'),
  expires: isoDate.optional().describe('Last day on which the waiver is valid; may be left out only with `platform`'),
  platform: z
    .boolean()
    .default(false)
    .describe('True where the platform itself forces the waiver, which then needs no date'),
  nodes: z.array(dnsLabel).min(1).optional().describe('Nodes that the waiver is limited to (default: all)'),
  namespaces: z
    .array(dnsLabel)
    .min(1)
    .optional()
    .describe('Namespaces that the waiver is limited to: only what is found in them is excused'),
  objects: z
    .array(waivedObject)
    .min(1)
    .optional()
    .describe('Objects that the waiver is limited to: only what is found about them is excused'),
  compensation: z.string().trim().min(1).optional().describe('Measure that stands in'),
  compensatedBy: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Ids of controls that stand in: where one of them does not pass, the waiver is shown as uncompensated'),
});
export type Waiver = z.infer<typeof waiverSchema>;
