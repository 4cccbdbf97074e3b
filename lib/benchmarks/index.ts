import type { Benchmark } from './benchmark';
import { cis } from './cis';
import { microsoft } from './microsoft';
import { nsa } from './nsa';
import { owasp } from './owasp';
import { seeds } from './seeds';
import { stig } from './stig';

export type { Benchmark, Demand } from './benchmark';
export * from './coverage';

/** Every list that controls are held against. */
export const benchmarks: readonly Benchmark[] = [cis, stig, nsa, owasp, microsoft, seeds];
