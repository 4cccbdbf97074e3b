import { createHash } from 'node:crypto';
import type { Observation } from '../checks/probe';
import type { Proof } from './evidence';

const excerptLength = 600;

/**
 * Forms of secrets. The collector drops them already; evidence travels further than observations do, so it does not
 * rely on that.
 */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // A JSON Web Token, signed or not.
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  // A bootstrap token of kubeadm.
  /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g,
  // An argument or field whose name says that its value is secret; a path is not, and neither is a switch.
  /(?<=(?:password|passwd|token|secret)["']?\s*[=:]\s*["']?)(?!\/|true\b|false\b|null\b)[^\s"',}\\]{6,}/gi,
];

/** A text without anything that has the form of a secret. */
export function redact(text: string): string {
  return secrets.reduce((known, pattern) => known.replace(pattern, '[redacted]'), text);
}

/** The proof of an observation. The digest is of redacted text: that of a short secret could be guessed back. */
export function proofOf(probe: string, observation: Observation): Proof {
  const whole = redact(JSON.stringify(observation) ?? '');
  return {
    probe,
    seen: whole.length > excerptLength ? `${whole.slice(0, excerptLength - 1)}…` : whole,
    sha256: createHash('sha256').update(whole).digest('hex'),
  };
}
