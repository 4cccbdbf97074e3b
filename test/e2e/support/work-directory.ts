import { join } from 'node:path';

/** Where the whole run keeps its files: outside of the directories in which no secret may lie. */
export const workDirectory = join(__dirname, '../../../reports/e2e');
