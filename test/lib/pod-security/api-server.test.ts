import type { Level } from '../../../lib/pod-security/check';
import { readPod } from '../../../lib/pod-security/pod';
import { judgePod, podChecks } from '../../../lib/pod-security/pod-security';
import { type ApiServer, apiServerPrograms, startApiServer } from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { RandomPods } from './random-pods';

/** How many pods are judged; BULWARK_PODS raises it. */
const wanted = Number(process.env.BULWARK_PODS ?? 300);
const levels: readonly Level[] = ['baseline', 'restricted'];

describeWith("Pod Security, compared with a real API server's verdicts", apiServerPrograms, (programs) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer(programs);
    for (const level of levels) {
      const labels = {
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/enforce-version': 'v1.36',
      };
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: level, labels } };
      await server.request('POST', '/api/v1/namespaces', namespace);
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
      await server.request('POST', `/api/v1/namespaces/${level}/serviceaccounts`, {
        ...account,
        automountServiceAccountToken: false,
      });
    }
  }, 90_000);

  afterAll(() => server?.stop());

  /** The API server's refusal, or none; undefined where the pod is invalid and nobody's policy was asked. */
  async function refusal(pod: unknown, level: Level): Promise<string | undefined> {
    const { status, body } = await server.request('POST', `/api/v1/namespaces/${level}/pods?dryRun=All`, pod);
    if (status === 201) return '';
    if (status === 403) return (body.message as string).replace(/^.*violates PodSecurity "[^"]*": /, '');
    if (status === 422) return undefined;
    throw new Error(`${status}: ${JSON.stringify(body)}`);
  }

  test(`${wanted} generated pods: the same verdict in the same words`, async () => {
    const pods = new RandomPods(36);
    const verdicts: Record<Level, { allowed: number; refused: number }> = {
      baseline: { allowed: 0, refused: 0 },
      restricted: { allowed: 0, refused: 0 },
    };
    const seen = new Set<string>();
    const disagreements: unknown[] = [];
    let judged = 0;
    for (let index = 0; judged < wanted; index += 1) {
      if (index > wanted) throw new Error('too few of the generated pods are valid');
      const batch = Array.from({ length: 12 }, (_, each) => pods.next(12 * index + each));
      const answers = await Promise.all(
        batch.flatMap((pod) => levels.map(async (level) => ({ pod, level, theirs: await refusal(pod, level) }))),
      );
      for (const { pod, level, theirs } of answers) {
        if (theirs === undefined) continue;
        judged += 1 / levels.length;
        const violations = judgePod(readPod(pod.metadata, pod.spec), level);
        for (const { check } of violations) seen.add(check.id);
        const ours = violations.map(({ violation: { reason, detail } }) => `${reason} (${detail})`).join(', ');
        verdicts[level][theirs === '' ? 'allowed' : 'refused'] += 1;
        if (ours !== theirs) disagreements.push({ level, ours, theirs, pod });
      }
    }
    expect(disagreements).toEqual([]);
    // Both verdicts and every check took part, but what the API server finds invalid before any policy is asked: an
    // unmasked /proc without users of the pod's own.
    for (const level of levels) {
      expect(verdicts[level].refused).toBeGreaterThan(wanted / 20);
      expect(verdicts[level].allowed).toBeGreaterThan(0);
    }
    expect(podChecks.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual(['procMount']);
  }, 300_000);
});
