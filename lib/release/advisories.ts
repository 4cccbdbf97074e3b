/** The versions from which on a program of the nodes has the fixes of published weaknesses. */
export interface FixedVersions {
  /** As the `versions` probe names it. */
  readonly program: 'kubelet' | 'containerd' | 'runc';
  /** First good version of each maintained line, oldest first; later lines are good. */
  readonly floors: readonly [string, ...string[]];
  readonly mends: readonly Weakness[];
}

export interface Weakness {
  readonly id: `CVE-${string}`;
  /** Where the authors of the program say which versions are fixed. */
  readonly source: string;
}

const advisory = (id: Weakness['id'], project: string, name: string): Weakness => ({
  id,
  source: `https://github.com/${project}/security/advisories/${name}`,
});

/** Weaknesses by which a pod or a user of the cluster takes or stops a node. */
export const fixedVersions: readonly FixedVersions[] = [
  {
    program: 'runc',
    floors: ['1.2.8', '1.3.3'],
    mends: [
      advisory('CVE-2025-31133', 'opencontainers/runc', 'GHSA-9493-h29p-rfm2'),
      advisory('CVE-2025-52565', 'opencontainers/runc', 'GHSA-qw9x-cqr3-wc7r'),
      advisory('CVE-2025-52881', 'opencontainers/runc', 'GHSA-cgrx-mc8f-2prm'),
    ],
  },
  {
    program: 'containerd',
    floors: ['1.7.29', '2.0.7', '2.1.5'],
    mends: [
      advisory('CVE-2024-25621', 'containerd/containerd', 'GHSA-pwhc-rpq9-4c8w'),
      advisory('CVE-2025-64329', 'containerd/containerd', 'GHSA-m6hq-p25p-ffr2'),
    ],
  },
  {
    program: 'kubelet',
    floors: ['1.29.14', '1.30.10', '1.31.6', '1.32.2'],
    mends: [{ id: 'CVE-2025-0426', source: 'https://github.com/kubernetes/kubernetes/issues/130016' }],
  },
];

/** The versions from which on a package of the distribution has such fixes. */
export interface FixedPackage {
  readonly name: string;
  /** Lowest good version by Debian release. */
  readonly floors: { readonly [release: string]: string };
  readonly mends: readonly Weakness[];
}

const tracked = (id: Weakness['id']): Weakness => ({
  id,
  source: `https://security-tracker.debian.org/tracker/${id}`,
});

/** Weaknesses of what every node has open to its operators, or what each of its programs is linked with. */
export const fixedPackages: readonly FixedPackage[] = [
  { name: 'openssh-server', floors: { 12: '1:9.2p1-2+deb12u3' }, mends: [tracked('CVE-2024-6387')] },
  { name: 'sudo', floors: { 12: '1.9.13p3-1+deb12u2' }, mends: [tracked('CVE-2025-32462')] },
  { name: 'libc6', floors: { 12: '2.36-9+deb12u4' }, mends: [tracked('CVE-2023-6246')] },
];
