import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HardeningError } from '../lib/errors';

/** Keeps a signature of evidence from being taken for one of something else. */
const namespace = 'bulwark-evidence';
const signer = 'bulwark';

/** Name of the file beside the evidence that says whose signatures are believed, as `ssh-keygen` reads it. */
export const signersFile = 'evidence-signers';

/**
 * The key that signs a cluster's evidence, and beside the evidence the file by which its signatures are checked.
 *
 * @param given path of a private key, or of a public key whose private key an agent holds. @default
 *   `<stateDirectory>/evidence-key`, made where it is not there
 * @throws HardeningError of kind `prerequisite` where ssh-keygen fails
 */
export function evidenceKey(stateDirectory: string, given?: string): string {
  const key = given ?? join(stateDirectory, 'evidence-key');
  if (given === undefined && !existsSync(key)) {
    run(['-q', '-t', 'ed25519', '-N', '', '-C', `${signer} evidence`, '-f', key], 'make a key');
  }
  const publicKey = key.endsWith('.pub') ? readFileSync(key, 'utf8') : run(['-y', '-f', key], 'read the key');
  writeFileSync(
    join(stateDirectory, signersFile),
    `${signer} namespaces="${namespace}" ${publicKey.trim().split(' ').slice(0, 2).join(' ')}\n`,
  );
  return key;
}

/**
 * Writes the signature of a file beside it, as `<file>.sig`.
 *
 * @throws HardeningError of kind `prerequisite` where ssh-keygen fails
 */
export function signFile(file: string, key: string): void {
  // ssh-keygen would ask whether to overwrite it.
  rmSync(`${file}.sig`, { force: true });
  run(['-q', '-Y', 'sign', '-f', key, '-n', namespace, file], 'sign');
}

/**
 * Checks the signature of a file.
 *
 * @param signers file of believed signers. @default `evidence-signers` beside the file
 * @returns the fingerprint of the key that signed
 * @throws HardeningError of kind `verify` where the file or its signature was changed, or somebody else signed
 */
export function checkSignature(file: string, signers: string = join(dirname(file), signersFile)): string {
  for (const needed of [file, `${file}.sig`, signers]) {
    if (existsSync(needed)) continue;
    throw new HardeningError('usage', [
      { code: 'SIGNATURE_FILE', file: needed, message: 'there is no such file', fix: 'give --signers, or sign anew' },
    ]);
  }
  const input = openSync(file, 'r');
  const { status, stdout, stderr, error } = spawnSync(
    'ssh-keygen',
    ['-Y', 'verify', '-f', signers, '-I', signer, '-n', namespace, '-s', `${file}.sig`],
    { stdio: [input, 'pipe', 'pipe'], encoding: 'utf8' },
  );
  closeSync(input);
  if (error) throw noProgram(error.message);
  if (status !== 0) {
    throw new HardeningError('verify', [
      {
        code: 'SIGNATURE_WRONG',
        file,
        message: `the signature does not hold: ${(stderr || stdout).trim()}`,
        fix: 'do not trust this file; verify the cluster anew',
      },
    ]);
  }
  return /SHA256:\S+/.exec(stdout)?.[0] ?? '';
}

function run(args: readonly string[], what: string): string {
  const { status, stdout, stderr, error } = spawnSync('ssh-keygen', args, { encoding: 'utf8', input: '' });
  if (error) throw noProgram(error.message);
  if (status === 0) return stdout;
  throw new HardeningError('prerequisite', [
    { code: 'SIGNATURE_KEY', message: `ssh-keygen could not ${what}: ${stderr.trim()}`, fix: 'check the key' },
  ]);
}

const noProgram = (message: string) =>
  new HardeningError('prerequisite', [
    { code: 'SIGNATURE_PROGRAM', message: `ssh-keygen did not start: ${message}`, fix: 'install openssh-client' },
  ]);
