/** Where a demand comes from. Pointers only: the wording of a control is ours. */
export interface Source {
  readonly list: 'cis' | 'stig' | 'nsa' | 'owasp' | 'microsoft' | 'kubernetes' | 'seed' | 'cve';
  readonly id: string;
}

/** CIS Kubernetes Benchmark v1.12 and v2.0.1, whose ids are the same. */
export const cis = (id: string): Source => ({ list: 'cis', id });
/** DISA Kubernetes STIG rule, `V-242390`. */
export const stig = (id: string): Source => ({ list: 'stig', id });
/** NSA/CISA Kubernetes Hardening Guide v1.2, by subject as `lib/benchmarks/nsa.ts` names it. */
export const nsa = (section: string): Source => ({ list: 'nsa', id: section });
/** OWASP Kubernetes Top 10, 2025. */
export const owasp = (id: string): Source => ({ list: 'owasp', id });
/** Mitigation of Microsoft's Threat Matrix for Kubernetes, `MS-M9021`. */
export const microsoft = (id: string): Source => ({ list: 'microsoft', id });
/** Kubernetes' own documentation, source or changelog. */
export const kubernetes = (pointer: string): Source => ({ list: 'kubernetes', id: pointer });
/** A demand of a founding document, `<number of the document>/<name>` as `lib/benchmarks/seeds` names it. */
export const seed = (id: string): Source => ({ list: 'seed', id });
export const cve = (id: string): Source => ({ list: 'cve', id });
