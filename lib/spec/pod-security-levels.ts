/** Levels of the Pod Security Standards, the strictest first. Apart from the schema, so that judging needs no parser. */
export const podSecurityLevels = ['restricted', 'baseline', 'privileged'] as const;
