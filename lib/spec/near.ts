import { distance } from 'fastest-levenshtein';

/** The known names that a misspelt one may have meant, nearest first, three at most. */
export function nearNames(name: string, known: readonly string[]): readonly string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= limit || (name.length >= 4 && candidate.includes(name)))
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `did you mean a or b?` as a fix, or `otherwise` where nothing is near. */
export function nearFix(name: string, known: readonly string[], otherwise: string): string {
  const near = nearNames(name, known);
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : otherwise;
}
