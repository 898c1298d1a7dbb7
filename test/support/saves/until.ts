/** Milliseconds that a program has to do what it was asked for. */
export const TIMEOUT = 90_000;

/**
 * Polls until a condition holds, for programs that give no other sign. `describe` returns the state
 * when it never does.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  describe: () => string | Promise<string>,
): Promise<void> {
  const end = Date.now() + TIMEOUT;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${await describe()}`);
    await new Promise((resume) => {
      setTimeout(resume, 5);
    });
  }
}
