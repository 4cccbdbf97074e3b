import { z } from 'zod';
import { dnsLabel, imageRegistry } from './primitives';

/** What a team may do in its namespaces, least first; the construct `TeamRole` says what each holds. */
export const teamRoles = ['viewer', 'developer', 'operator'] as const;

/** Ways into a running pod. */
export const interactiveAccess = ['exec', 'attach', 'port-forward', 'proxy'] as const;

const count = z.int().min(1);
const className = z.string().regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, 'the name of a class');

const group = z.strictObject({
  group: z
    .string()
    .min(1)
    .refine((name) => !/^(system|kubeadm):/.test(name), "a group of people, with the issuer's prefix")
    .describe('Group as the identity provider names it, with the prefix that the spec gives it'),
  role: z.enum(teamRoles).describe('What the group may do'),
  interactive: z.array(z.enum(interactiveAccess)).default([]).describe('Ways into running pods (default: none)'),
});

/** A team of its own on the cluster. */
export const tenantSchema = z
  .strictObject({
    name: dnsLabel.describe('Tenant name'),
    namespaces: z.array(dnsLabel).min(1).describe('Namespaces of the tenant alone, at level restricted'),
    groups: z.array(group).default([]).describe('Who works in them'),
    registries: z.array(imageRegistry).min(1).describe('Registries that its images come from'),
    storageClasses: z.array(className).default([]).describe('Storage classes that it may claim (default: none)'),
    priorityClasses: z.array(className).default([]).describe('Priority classes that its pods may have (default: none)'),
    quota: z
      .strictObject({
        cpus: count.optional().describe('CPUs that pods may ask for (default 4)'),
        memoryMebibytes: count.optional().describe("Sum of the pods' memory limits in MiB (default 8192)"),
        ephemeralStorageMebibytes: count.optional().describe('What pods may write to disks, in MiB (default 16384)'),
        storageGibibytes: count.optional().describe('Sum of the volumes claimed, in GiB (default 50)'),
        pods: count.optional().describe('Number of pods (default 50)'),
        objects: count.optional().describe('Objects of each kind that the tenant writes (default 100)'),
      })
      .default({})
      .describe('What each of its namespaces may hold'),
    apiShares: count.max(100).default(10).describe("Share of the API server's concurrency"),
  })
  .describe('A team of its own on the cluster');

export type TenantSpec = z.output<typeof tenantSchema>;
