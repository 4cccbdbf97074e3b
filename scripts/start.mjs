/**
 * `npm start`: checks what this computer lacks, says what will happen and how long each part takes, installs what is
 * missing after asking, builds the command and runs `bulwark lab up`. Plain Node, because nothing is installed yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { ensureInstalled, root } from './ensure-installed.mjs';

/** Debian packages by the program that shows whether they are there. */
const systemPackages = {
  podman: 'podman netavark',
  runc: 'runc',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  iptables: 'iptables',
  gcc: 'gcc libc6-dev',
  'pkg-config': 'pkg-config',
  python3: 'python3',
  'ssh-keygen': 'openssh-client',
};

const yes = process.argv.includes('--yes') || process.argv.includes('-y') || process.env.CI === 'true';

function stop(message) {
  console.error(message);
  process.exit(5);
}

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const installed = (name) =>
  spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name]).stdout?.toString() === 'installed';

function missingPackages() {
  const byProgram = Object.entries(systemPackages).filter(([program]) => !has(program));
  const names = byProgram.flatMap(([, packages]) => packages.split(' '));
  for (const name of ['libseccomp-dev', 'python3-venv']) if (!installed(name)) names.push(name);
  return names;
}

async function agreed(question) {
  if (yes) return true;
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

function run(command, args) {
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}

if (process.platform !== 'linux' || !has('apt-get')) stop('npm start needs Debian 12 or a later Debian or Ubuntu.');
if (process.getuid() !== 0) stop('npm start needs root: it starts privileged containers. Run it as root.');
const go = /go1\.(\d+)/.exec(spawnSync('go', ['version']).stdout?.toString() ?? '');
if (!go || Number(go[1]) < 26) {
  stop(
    `npm start needs Go 1.26 or later on PATH, and found ${go ? go[0] : 'none'}: Kubernetes is built from its modules.`,
  );
}

console.log(`Bulwark starts a hardened Kubernetes cluster of three machines on this computer:

  1. npm packages                                             about 15 seconds, once
  2. missing Debian packages, after asking                    about 1 minute, once
  3. Kubernetes, etcd, containerd and Cilium from their       about 25 minutes on two cores, once;
     Go modules, kept in the cache                            a second start builds nothing
  4. an image of a Debian machine, kept in the cache          about 1 minute, once
  5. three machines, the cluster on them, and the proof       about 2 minutes
`);

const missing = missingPackages();
if (missing.length > 0) {
  console.log(`These Debian packages are missing: ${missing.join(' ')}`);
  if (!(await agreed('Install them with apt-get?'))) {
    stop(
      `Nothing was changed. Install them yourself (apt-get install ${missing.join(' ')}), or give: npm start -- --yes`,
    );
  }
  run('apt-get', ['update', '-q']);
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing]);
}
ensureInstalled();
console.log('Compiling the command …');
run('npm', ['run', '--silent', 'build']);
const lab = spawn(process.execPath, ['build/cli/main.js', 'lab', 'up', ...(yes ? ['--yes'] : [])], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the command as well, which ends its step first; this process waits for it.
process.on('SIGINT', () => undefined);
lab.on('close', (code) => {
  process.exitCode = code ?? 1;
});
