/** Who acts in an attack. */
export type Threat = 'external' | 'admin' | 'user' | 'provider' | 'supply-chain';
