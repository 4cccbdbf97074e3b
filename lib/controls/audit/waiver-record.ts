import { at, type Check, fail, pass } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import { compareRecord, type WaiverDifferences, waiverRecord } from '../../spec/waiver-record';
import { control } from '../control';
import { owasp, seed } from '../sources';

const { namespace, name, key } = waiverRecord;

/** At most this many characters of differences are told. */
const longest = 320;

function told({ unknown, missing, different }: WaiverDifferences): string {
  const parts = [
    ['the cluster has waivers that this spec has not', unknown],
    ['the cluster lacks waivers of this spec', missing],
    ['waivers read otherwise in the cluster', different],
  ] as const;
  const text = parts
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${names.join(', ')}`)
    .join('; ');
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

const sameWaivers = ({ waivers }: ResolvedCluster): Check<'objects'> => ({
  scope: 'cluster',
  probe: { kind: 'objects', resource: 'configmaps', namespace, name, keep: [`data.[${key}]`] },
  expected: `the cluster was set up with the ${waivers.length} waivers of this spec`,
  strength: 'live',
  judge: ([record]) => {
    if (!record) return fail(`no record: ${namespace}/${name} does not exist; bulwark up writes it`);
    const text = at(record, `data.[${key}]`);
    const differences = typeof text === 'string' ? compareRecord(text, waivers) : undefined;
    if (!differences) return fail(`${namespace}/${name} is no record of waivers`);
    const said = told(differences);
    return said === '' ? pass('the same waivers') : fail(`${said}; another spec was applied, or this one was not yet`);
  },
});

export default control({
  id: 'audit/waiver-record',
  title: 'The cluster was set up with the waivers of this spec, and no others',
  why: 'Whoever applies another spec gives up controls that this one claims, and each spec by itself looks clean.',
  cost: 'A waiver that is added or renewed must be applied before the next proof. Who may write ConfigMaps of kube-system can change the record; what is waived is observed all the same.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K10'), seed('002/audit')],
  stock: 'differs',
  waivable: false,
  settings: () => [{ kind: 'platform-feature', feature: 'waiver-record' }],
  checks: (cluster) => [sameWaivers(cluster)],
});
