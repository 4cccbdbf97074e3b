export { type EvidenceSummary, HardenedCluster, type HardenedClusterArgs } from './components/hardened-cluster';
export { InventoryNodes, type InventoryNodesArgs } from './components/inventory-nodes';
export { LabNodes, type LabNodesArgs } from './components/lab-nodes';
export type { NodeSource } from './components/nodes';
export { PlatformManifests, type PlatformManifestsArgs } from './components/platform-manifests';
export { type RaspberryPi, RaspberryPiNodes, type RaspberryPiNodesArgs } from './components/raspberry-pi-nodes';
export { deltaMarkdown } from './delta-markdown';
export { type Change, type HardeningDelta, hardeningDelta, type PreviewEvent } from './hardening-delta';
