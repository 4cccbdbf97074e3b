import type { Demand } from '../benchmark';

/** Demands of one section of a document. */
export const inSection = (section: string, demands: readonly Demand[]): readonly Demand[] =>
  demands.map((demand) => ({ ...demand, section }));
