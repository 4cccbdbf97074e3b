import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';

/** Public host keys made for the tests; the private halves were never kept. */
export const hostKeys = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm2nZkWcLSVaXoZ3UOHk1AEyWnFl9tyuwHR7zTJ6u4Q',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPbxQ4z0O6y0C1Hk0Rm2fMNBXyV7dD9Kx4k3cXl6L5fB',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKpU0nqJx0Wc3qS9e2yV6b1t8m5rN4zL7aDgHfJkPoRs',
] as const;

/** A valid spec of one control plane and two workers, with `changes` laid over it. */
export function specInput(changes: Partial<ClusterSpecInput> = {}): ClusterSpecInput {
  return {
    name: 'example',
    nodes: [
      { name: 'cp-1', role: 'control-plane', address: '192.0.2.11', hostKey: hostKeys[0] },
      { name: 'worker-1', role: 'worker', address: '192.0.2.21', hostKey: hostKeys[1] },
      { name: 'worker-2', role: 'worker', address: '192.0.2.22', hostKey: hostKeys[2] },
    ],
    networking: { allowedApiCidrs: ['198.51.100.0/24'], operatorCidrs: ['198.51.100.7'] },
    ...changes,
  };
}
