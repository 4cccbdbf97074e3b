import { type Attack, type Lift, type Outcome, type Target, textOf } from '../../attacks/attack';

/** Plays an attack; a script that breaks is an outcome, too. */
export async function attempt({ run }: Pick<Attack, 'run'>, target: Target): Promise<Outcome> {
  try {
    return await run(target);
  } catch (error) {
    return { code: 255, stdout: '', stderr: `the script failed: ${error}` };
  }
}

/** Nothing reports when a policy has reached every node, so an attack is played until it shows. */
async function playedUntil(attack: Attack, target: Target, done: (text: string) => boolean): Promise<Outcome> {
  const start = Date.now();
  for (;;) {
    const outcome = await attempt(attack, target);
    if (done(textOf(outcome)) || Date.now() - start > 30_000) return outcome;
  }
}

/** What attacks bring back while the policies that refuse them are off; the policies are back when it returns. */
export async function whileLifted(
  attacks: readonly Attack[],
  { off, on }: Pick<Lift, 'off' | 'on'>,
  target: Target,
): Promise<readonly Outcome[]> {
  await off(target);
  try {
    return await Promise.all(
      attacks.map((attack) =>
        playedUntil(attack, target, (text) => (attack.lift?.opens ?? attack.succeeds).test(text)),
      ),
    );
  } finally {
    await on(target);
    await Promise.all(attacks.map((attack) => playedUntil(attack, target, (text) => attack.refused.test(text))));
  }
}
