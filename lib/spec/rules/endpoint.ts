import { isIP } from 'node:net';
import type { Rule } from '../finding';

/** With a single control plane, an endpoint that is another address must be something that forwards to it. */
export const endpoint: Rule = ({ nodes = [], networking }) => {
  const text = networking?.controlPlaneEndpoint;
  const controlPlanes = nodes.filter((node) => node?.role === 'control-plane');
  const [only] = controlPlanes;
  if (text === undefined || controlPlanes.length !== 1 || only?.address === undefined) return [];
  const host = text.slice(0, text.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  if (isIP(host) === 0 || host === only.address) return [];
  return [
    {
      level: 'warning',
      code: 'SPEC_ENDPOINT_FOREIGN',
      path: ['networking', 'controlPlaneEndpoint'],
      message: 'the endpoint is no address of the only control plane; nothing works until it forwards there',
      got: host,
      allowed: only.address,
      fix: `write ${only.address}, or make sure that ${host} forwards to it before the cluster is made`,
    },
  ];
};
