export * from './images';
export * from './release';
