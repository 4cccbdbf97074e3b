export * from './baseline';
export * from './benchmark-evidence';
export * from './changes';
export * from './evidence';
export * from './judge-cluster';
export * from './locate';
export * from './parse';
export * from './proof';
