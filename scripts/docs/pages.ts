import { exampleCluster } from '../../cli/example-cluster';
import { catalogue } from '../../lib/controls/registry';
import { controlsPage } from './controls-page';
import { costPage } from './cost-page';
import { coveragePage } from './coverage-page';
import { profilesPage } from './profiles-page';

/** The generated pages of `docs/reference`, by name. */
export const pages = {
  controls: () => controlsPage(catalogue, exampleCluster()),
  coverage: () => coveragePage(catalogue),
  cost: () => costPage(catalogue),
  profiles: () => profilesPage(catalogue),
};
