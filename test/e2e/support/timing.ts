/** Prints how long a step took on standard error, where jest reports too, so that the whole run's time can be accounted for. */
export async function timed<T>(what: string, step: () => Promise<T>): Promise<T> {
  const start = Date.now();
  try {
    return await step();
  } finally {
    process.stderr.write(`    ${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${what}\n`);
  }
}
