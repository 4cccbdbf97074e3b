export { allowedFlows, type Flow, type Party } from './flows';
export { type Access, type Network, type NetworkOptions, type Opening, openingBetween, readNetwork } from './network';
export { formatPorts, type PortRange } from './ports';
export { clusterDns, type Workload } from './workload';
