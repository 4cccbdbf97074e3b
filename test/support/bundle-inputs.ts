import type { BundleInputs } from '../../kubeadm';

/** Stand in for what the caller brings: the real ones have tests of their own. */
export const inputs: BundleInputs = {
  manifests: { '00-namespaces.k8s.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: example\n' },
  programs: {
    approver: { program: '#!/usr/bin/python3\n', unit: '[Service]\nExecStart=/bin/true\n' },
    verification: {
      collector: '#!/usr/bin/python3\nimport package.module\n',
      modules: new Map([['package/module.py', '']]),
      judge: "console.log('# EOF');\n",
    },
  },
};
