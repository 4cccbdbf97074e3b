import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { canRun, runningPrograms } from '../../apply/artifacts/emulation';
import { goldenBundle } from '../support/golden-bundles';
import { describeWith, notRun } from '../support/judges';
import { mayMakeNodes } from '../support/private-node';
import { fileOf } from '../support/rendered-node';

jest.setTimeout(600_000);

const packages = 'base-files,python3,dpkg,iproute2,kmod,hostname';
const commandLine = 'console=tty1 root=PARTUUID=4d8097e2-02 rootwait';
/** The role's own steps with what the bundle says of a board, twice. */
const steps = `
import json, platform, sys
sys.path.insert(0, "/collection")
from ansible_collections.bulwark.cluster.plugins.module_utils import board, preflight, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.modules import node_board

class Step:
    check = False
    def __init__(self, payload):
        self.payload, self.made, self.facts, self.diff = payload, [], {"reboot": False, "warnings_found": []}, []
    def changed(self, kind, name, action, controls=()):
        self.made.append(f"{action} {kind} {name}")

def system(arch):
    problems = []
    try:
        for problem in preflight._system(arch):
            problems.append(problem)
    except CommandError:
        pass  # The last question goes to systemd, which does not run here.
    return problems

host = json.load(open("/host.json"))
def run():
    payload = {"board": host["board"], "node": host["node"], "swap": True, "step": "prepare"}
    first = Step(payload)
    node_board._prepare(first)
    second = Step(payload)
    tree.lay_down(second, tree.plan(host, State()), False)
    return {"board": first.made, "reboot": first.facts["reboot"], "tree": second.made}

print(json.dumps({
    "machine": platform.machine(),
    "right": system("arm64"),
    "wrong": system("amd64"),
    "other": list(preflight._board({**host["board"], "name": "pi-5"})),
    "first": run(),
    "line": open("/boot/firmware/cmdline.txt").read(),
    "second": run(),
}))
`;

interface Seen {
  readonly board: readonly string[];
  readonly reboot: boolean;
  readonly tree: readonly string[];
}

/** Runs the steps in a root, and returns what they print. */
async function emulate(root: string): Promise<string> {
  const inside = 'mount --rbind /proc "$1/proc" && exec chroot "$1" /usr/bin/python3 /steps.py';
  const [program, ...args] = await runningPrograms('arm64', ['sh', '-c', inside, 'sh', root]);
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
}

const title = 'a node’s steps on arm64, emulated';
if (mayMakeNodes) {
  describeWith(title, ['mmdebstrap', 'qemu-aarch64-static'], ({ mmdebstrap }) => {
    const scratch = mkdtempSync(join(tmpdir(), 'bulwark-arm64-'));
    const root = join(scratch, 'root');
    beforeAll(() => {
      const how = ['--mode=root', '--variant=extract', '--architectures=arm64', `--include=${packages}`];
      execFileSync('unshare', ['--mount', '--propagation=private', mmdebstrap, ...how, 'bookworm', root], {
        stdio: 'pipe',
      });
      const collection = join(root, 'collection/ansible_collections/bulwark/cluster');
      cpSync(join(__dirname, '../../ansible/plugins'), join(collection, 'plugins'), { recursive: true });
      const bundle = goldenBundle('boards');
      const plan = parse(fileOf(bundle, 'nodes/cp-1/host.yaml'));
      const files = plan.files
        .filter(({ slots }: { slots: readonly string[] }) => slots.length === 0)
        .map((file: { path: string }) => ({ ...file, content: fileOf(bundle, `nodes/cp-1/files${file.path}`) }));
      const own = ({ owner }: { owner: string }) => owner === 'root';
      writeFileSync(
        join(root, 'host.json'),
        JSON.stringify({ ...plan, files, directories: plan.directories.filter(own) }),
      );
      writeFileSync(join(root, 'steps.py'), steps);
      for (const folder of ['boot/firmware', 'proc', 'mnt']) mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, 'boot/firmware/cmdline.txt'), `${commandLine}\n`);
      // Accounts come with packages that are installed; these are only unpacked.
      writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
      writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
    });
    afterAll(() => rmSync(scratch, { recursive: true, force: true }));

    test('preflight knows the machine; kernel arguments and tree are laid down once', async () => {
      if (!(await canRun('arm64')))
        return notRun(title, 'this kernel lets no user namespace have emulation of its own');
      const seen = JSON.parse(await emulate(root)) as {
        machine: string;
        right: string[];
        wrong: string[];
        other: string[];
        first: Seen;
        second: Seen;
        line: string;
      };
      expect(seen.machine).toBe('aarch64');
      expect(seen.right.filter((problem) => /machine|system is/.test(problem))).toEqual([]);
      expect(seen.wrong).toContain('the machine is arm64, the node software is for amd64');
      expect(seen.other).toEqual(['the spec calls this machine a pi-5, and it is no Raspberry Pi']);
      expect(seen.first.board).toEqual(['replace file /boot/firmware/cmdline.txt']);
      expect(seen.first.reboot).toBe(true);
      expect(seen.line).toBe(`${commandLine} cgroup_enable=memory cgroup_memory=1 apparmor=1 security=apparmor\n`);
      expect(seen.first.tree).toContain('create file /etc/systemd/journald.conf.d/90-bulwark.conf');
      // The kernel has not been started with them yet, so that the reboot is still asked for.
      expect(seen.second).toEqual({ board: [], reboot: true, tree: [] });
    });
  });
} else {
  notRun(title, 'namespaces need root');
}
