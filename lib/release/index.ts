export * from './advisories';
export * from './images';
export * from './release';
