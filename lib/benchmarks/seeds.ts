import type { Benchmark, Demand } from './benchmark';
import { guideDraft } from './seeds/guide-draft';
import { guideNotes } from './seeds/guide-notes';
import { guideSlides } from './seeds/guide-slides';
import { securityPart } from './seeds/security-part';
import { kubeBench, termPaper } from './seeds/term-paper';

const from = (number: string, document: string, demands: readonly Demand[]): readonly Demand[] =>
  demands.map((demand) => ({ ...demand, id: `${number}/${demand.id}`, document }));

/** What the five founding documents demand. Ids are `<number of the document>/<name>`. */
export const seeds: Benchmark = {
  list: 'seed',
  title: 'The founding documents',
  demands: [
    ...from('000', 'Kubernetes Hardening Guide, working draft', guideDraft),
    ...from('001', 'kubernetes hardening guide, notes', guideNotes),
    ...from('002', 'Kubernetes hardening guidance, slides', guideSlides),
    ...from('003', 'Kubernetes 101 Security, part 15', securityPart),
    ...from('004', 'Exploring Kubernetes Security, term paper of 2018', [...termPaper, ...kubeBench]),
  ],
};
