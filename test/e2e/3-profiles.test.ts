import { stringify } from 'yaml';
import type { ProfileName } from '../../lib/profiles/profile';
import { profiles } from '../../lib/profiles/profiles';
import { type Outcome, textOf } from '../attacks/attack';
import { policiesOf, rulesOf } from '../support/admission-rules';
import { hardenedTarget, testImage } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { eventually } from './support/shell';
import { timed } from './support/timing';

const namespace = 'profile-attacks';
const team = ['--as=team-a', '--as-group=system:authenticated', '--namespace', namespace];

const pod = (name: string, spec: object, container: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'main',
        image: testImage,
        command: ['sleep', '600'],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        ...container,
      },
    ],
    ...spec,
  },
});

/** What somebody with the role `edit` in one namespace tries, and only the controls of one profile stop. */
interface ProfileAttack {
  readonly profile: ProfileName;
  readonly control: string;
  readonly title: string;
  readonly object: ReturnType<typeof pod> | { readonly kind: string; readonly metadata: { readonly name: string } };
  /** Where the object tells that the attack succeeded. */
  readonly sign: string;
  readonly succeeds: RegExp;
}

const attacks: readonly ProfileAttack[] = [
  {
    profile: 'multi-team',
    control: 'admission/system-priorities',
    title: 'a team’s pod drives others out with the priority of the cluster',
    object: pod('first', { priorityClassName: 'system-node-critical' }),
    sign: '{.spec.priority}',
    succeeds: /^2000001000$/m,
  },
  {
    profile: 'multi-team',
    control: 'admission/node-ports',
    title: 'a team takes a port of every node',
    object: {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'open' } },
      ...{ spec: { type: 'NodePort', ports: [{ port: 80 }] } },
    },
    sign: '{.spec.ports[0].nodePort}',
    succeeds: /^3[0-2]\d{3}$/m,
  },
  {
    profile: 'strict',
    control: 'secrets/no-variables',
    title: 'a Secret lies open in the variables of a process',
    object: pod('spilling', {}, { envFrom: [{ secretRef: { name: 'key' } }] }),
    sign: '{.spec.containers[0].envFrom[0].secretRef.name}',
    succeeds: /^key$/m,
  },
];

/** Opens connections to a host as fast as it can, and prints how many were answered before any could be tried again. */
const flood = `
import select, socket, sys, time
host, count = sys.argv[1], int(sys.argv[2])
sockets = []
for _ in range(count):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex((host, 6443))
    sockets.append(one)
time.sleep(0.5)
poll = select.poll()
for one in sockets:
    poll.register(one, select.POLLOUT)
answered = sum(1 for _, event in poll.poll(0) if event == select.POLLOUT)
print(answered, "of", count)
`;
/** Below the limit on open files of a shell, above what an address may be ahead. */
const connections = 900;

describe('what only internet-facing stops: a flood of connections from one address', () => {
  let target: LabTarget;
  const answered = ({ stdout }: Outcome): number => Number(/^(\d+) of/m.exec(stdout)?.[1]);

  beforeAll(async () => {
    target = await hardenedTarget();
  });
  afterAll(() => target?.close());

  test('from a node, which is not limited, every connection is answered', async () => {
    const script = `python3 -c '${flood}' ${target.controlPlane.address} ${connections}`;
    const outcome = await target.onNode(target.victim, script);
    expect([textOf(outcome), answered(outcome)]).toEqual([expect.anything(), connections]);
  });

  test('from outside those beyond the limit are dropped', async () => {
    const outcome = await target.outside(['python3', '-c', flood, target.controlPlane.address, `${connections}`]);
    expect(answered(outcome)).toBeGreaterThan(0);
    expect([textOf(outcome), answered(outcome) < connections * 0.9]).toEqual([expect.anything(), true]);
  });
});

describe('what only the controls of a profile stop', () => {
  let target: LabTarget;
  const before = new Map<ProfileAttack, Outcome>();

  /** Makes the object as the team, reads what came of it, and takes it away again. */
  const attempt = async ({ object, sign }: ProfileAttack): Promise<Outcome> => {
    const made = await target.kubectl([...team, 'create', '-f', '-'], { stdin: JSON.stringify(object) });
    if (made.code !== 0) return made;
    const name = `${object.kind.toLowerCase()}/${object.metadata.name}`;
    const seen = await target.kubectl([...team, 'get', name, '-o', `jsonpath=${sign}`]);
    await target.kubectl([...team, 'delete', name, '--grace-period=0', '--force', '--wait=true']);
    return seen;
  };
  const succeeded = async (args: readonly string[], stdin?: string) => {
    const { code, stderr } = await target.kubectl(args, { stdin });
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  };
  const policies = (profile: ProfileName) => {
    const own = attacks.filter((attack) => attack.profile === profile).map(({ control }) => control);
    return policiesOf(rulesOf(profile).filter(({ id }) => own.includes(id)))
      .map((object) => stringify(object))
      .join('---\n');
  };

  beforeAll(async () => {
    target = await hardenedTarget();
    await succeeded(['create', 'namespace', namespace]);
    await succeeded(['-n', namespace, 'create', 'rolebinding', 'team-a', '--clusterrole=edit', '--user=team-a']);
    await succeeded(['-n', namespace, 'create', 'secret', 'generic', 'key', '--from-literal=password=canary']);
    await timed('attacks without the controls', async () => {
      for (const attack of attacks) before.set(attack, await attempt(attack));
    });
  });

  afterAll(async () => {
    for (const profile of ['multi-team', 'strict'] as const) {
      await target?.kubectl(['delete', '--ignore-not-found', '-f', '-'], { stdin: policies(profile) });
    }
    await target?.kubectl(['delete', 'namespace', namespace, '--wait=true']);
    await target?.close();
  });

  test('every profile that adds rules has an attack', () => {
    expect(Object.keys(profiles)).toEqual(expect.arrayContaining(attacks.map(({ profile }) => profile)));
  });

  test.each(attacks.map((attack) => [attack.profile, attack.title, attack] as const))(
    '%s: %s',
    async (_, _title, attack) => {
      const open = before.get(attack);
      // Without the control it must work, else its refusal proves nothing.
      expect(open && textOf(open)).toMatch(attack.succeeds);
      await succeeded(['apply', '--server-side', '-f', '-'], policies(attack.profile));
      // A policy that was just written takes a moment to be compiled.
      await eventually(`${attack.control} in force`, 30, async () => (await attempt(attack)).code !== 0);
      const refused = await attempt(attack);
      expect(textOf(refused)).toContain(`denied request: ${attack.control}`);
      expect(textOf(refused)).not.toMatch(attack.succeeds);
    },
  );
});
