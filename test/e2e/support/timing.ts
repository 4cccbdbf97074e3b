/** Prints how long a step took, so that the whole run's time can be accounted for. */
export async function timed<T>(what: string, step: () => Promise<T>): Promise<T> {
  const start = Date.now();
  try {
    return await step();
  } finally {
    process.stdout.write(`    ${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${what}\n`);
  }
}
