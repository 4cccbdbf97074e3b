import { labNames } from '../../../lab';
import { bulwark } from './bulwark';
import { labs } from './cluster';

/** Takes the labs of the run down, unless `BULWARK_E2E_KEEP` is set. */
export default async function takeDown(): Promise<void> {
  if (process.env.BULWARK_E2E_KEEP) return;
  const present = await labNames();
  for (const name of Object.values(labs)) {
    if (!present.includes(name)) continue;
    const { code, stderr } = await bulwark(['lab', 'down', '--name', name]);
    if (code !== 0) throw new Error(`lab ${name} is not down: ${stderr}`);
  }
}
