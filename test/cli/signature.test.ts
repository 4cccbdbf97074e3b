import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBundleDigest } from '../../cli/bundle-digest';
import { checkSignature, evidenceKey, signFile } from '../../cli/signature';
import { writeClusterBundle } from '../../cli/write-bundle';
import { makeBundle } from '../../stacks/cluster-bundle';
import { exampleEvidence, exampleResolution } from '../support/evidence';
import { describeWith } from '../support/judges';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-signature-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Changes one bit of one byte in the middle of a file. */
function flip(file: string): void {
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(file, bytes);
}

describeWith('signed evidence', ['ssh-keygen'], () => {
  const file = join(folder, 'evidence.json');
  beforeEach(() => {
    writeFileSync(file, JSON.stringify(exampleEvidence()));
    signFile(file, evidenceKey(folder));
  });

  test('is believed as it was signed, by a key that only its owner reads', () => {
    expect(checkSignature(file)).toMatch(/^SHA256:/);
    expect(statSync(join(folder, 'evidence-key')).mode & 0o077).toBe(0);
  });

  test('is not believed with one bit changed', () => {
    flip(file);
    expect(() => checkSignature(file)).toThrow('SIGNATURE_WRONG');
  });

  test('is not believed with a changed signature', () => {
    flip(`${file}.sig`);
    expect(() => checkSignature(file)).toThrow('SIGNATURE_WRONG');
  });

  test('is not believed where somebody else signed', () => {
    const other = mkdtempSync(join(folder, 'other-'));
    signFile(file, evidenceKey(other));
    expect(() => checkSignature(file)).toThrow('SIGNATURE_WRONG');
    expect(checkSignature(file, join(other, 'evidence-signers'))).toMatch(/^SHA256:/);
  });

  test('names what is missing', () => {
    rmSync(`${file}.sig`);
    expect(() => checkSignature(file)).toThrow('evidence.json.sig');
  });
});

test('the bundle of the evidence is known to the last byte', () => {
  const resolution = exampleResolution();
  const bundle = makeBundle(resolution);
  const directory = writeClusterBundle({ resolution, file: 'cluster.yaml', stateDirectory: folder }, bundle);
  const bundleSha256 = createHash('sha256')
    .update(bundle.get('manifest.json') ?? '')
    .digest('hex');
  const evidence = exampleEvidence('hardened', { bundleSha256 });
  expect(() => checkBundleDigest(directory, evidence)).not.toThrow();
  flip(join(directory, 'absent.yaml'));
  expect(() => checkBundleDigest(directory, evidence)).toThrow('absent.yaml');
  flip(join(directory, 'manifest.json'));
  expect(() => checkBundleDigest(directory, evidence)).toThrow('manifest.json');
  expect(() => checkBundleDigest(directory, exampleEvidence())).toThrow('no bundle is named');
});
