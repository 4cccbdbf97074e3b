import { isIP } from 'node:net';
import type { Rule } from '../finding';

/** Every API server listens on this port; only what stands before them may take another. */
const apiServerPort = 6443;

/**
 * An endpoint that is a control plane's own address has the port that its API server listens on. With a single control
 * plane, an endpoint that is another address must be something that forwards to it.
 */
export const endpoint: Rule = ({ nodes = [], networking }) => {
  const text = networking?.controlPlaneEndpoint;
  const controlPlanes = nodes.filter((node) => node?.role === 'control-plane');
  const [only] = controlPlanes;
  if (text === undefined || only === undefined) return [];
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(text.slice(colon + 1));
  if (controlPlanes.some((node) => node?.address === host)) {
    if (port === apiServerPort) return [];
    return [
      {
        code: 'SPEC_ENDPOINT_PORT',
        path: ['networking', 'controlPlaneEndpoint'],
        message: 'the endpoint is a control plane itself, whose API server does not listen on this port',
        got: text,
        allowed: `port ${apiServerPort}; a load balancer in front of the control planes may use another`,
        fix: `write port ${apiServerPort}, or the address of the load balancer`,
      },
    ];
  }
  if (isIP(host) === 0 || controlPlanes.length !== 1 || only.address === undefined) return [];
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
