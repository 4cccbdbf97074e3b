/**
 * Runs on a control plane, as one file that `scripts/build-judge.mjs` makes: observations on standard input, metrics on
 * standard output. Reads the cluster's resolved spec, whose path is the one argument, and nothing else.
 */
import { readFileSync } from 'node:fs';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import { judgeNode } from '../../lib/verification/judge-node';

const read = (file: string | 0) => JSON.parse(readFileSync(file, 'utf8'));
const [specFile = ''] = process.argv.slice(2);
process.stdout.write(judgeNode(resolve(read(specFile), catalogue), read(0), new Date()));
