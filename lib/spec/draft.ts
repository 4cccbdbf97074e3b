import { z } from 'zod';
import { HardeningError } from '../errors';
import { roles } from './cluster-spec';
import { readDocument } from './document';
import { formatPath } from './parse';
import { serverName } from './primitives';
import { allowedByIssue, findingsOf } from './schema-issues';

const port = z.int().min(1).max(65535).optional();
/** Any text, or nothing: what is to be put in by a scan. */
const hostKey = z.string().nullish();
const access = z
  .object({
    user: z.string().optional(),
    port,
    identityFile: z.string().optional(),
    become: z.enum(['none', 'sudo']).optional(),
    jump: z.object({ address: serverName, user: z.string().optional(), port, hostKey }).nullish(),
  })
  .nullish();

const draftSchema = z.object({
  ssh: access,
  gateway: z
    .object({
      hostKey,
      ssh: z.object({ user: z.string().optional(), port }).nullish(),
      outside: z.object({ address: z.string() }).nullish(),
    })
    .nullish(),
  nodes: z
    .array(
      z.object({
        name: z.string(),
        role: z.enum(roles).optional(),
        address: serverName,
        hostKey,
        ssh: access,
      }),
    )
    .nullish(),
});

/** What a spec that is not complete yet says of its machines and the way to them. */
export type DraftSpec = z.output<typeof draftSchema>;

/**
 * Reads of a spec, which need not be complete, which machines there are and how they are reached.
 *
 * @throws HardeningError of kind `spec` with every error in that
 */
export function readDraft(text: string, file: string): DraftSpec {
  const document = readDocument(text, file);
  if (document.issues.length > 0) throw new HardeningError('spec', document.issues);
  const value = document.value ?? {};
  const result = draftSchema.safeParse(value, { error: allowedByIssue });
  if (result.success) return result.data;
  throw new HardeningError(
    'spec',
    result.error.issues
      .flatMap((issue) => findingsOf(draftSchema, value, issue))
      .map(({ path, level: _, ...rest }) => ({ ...rest, path: formatPath(path), file, line: document.lineOf(path) })),
  );
}
