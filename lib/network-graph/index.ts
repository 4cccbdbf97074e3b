export { type GraphEdge, type GraphNode, type NetworkGraph, networkGraph } from './graph';
export { toMermaid } from './mermaid';
export { toSvg } from './svg';
