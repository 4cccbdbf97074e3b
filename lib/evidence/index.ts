export * from './evidence';
export * from './judge-cluster';
