/** Milliseconds that a program has to do what it was asked for. */
export const PATIENCE = 90_000;

/**
 * Looks again and again until something holds: for programs that give no other sign. `describe` says what is there instead
 * when it never does.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  describe: () => string | Promise<string>,
): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${await describe()}`);
    await new Promise((resume) => {
      setTimeout(resume, 5);
    });
  }
}
