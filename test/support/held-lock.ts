import { withDirectoryLock } from '../../src/adapters/fs/flock.ts';

/** Holds the lock of a models directory; resolves when it is held, with the function that releases it. */
export async function holdLock(models: string): Promise<() => Promise<void>> {
  const settings = { wait: 0, delay: async () => {} };
  return new Promise((taken, failed) => {
    const held = withDirectoryLock(`${models}/.whisper/lock`, settings, async () => {
      await new Promise<void>((release) => {
        taken(async () => {
          release();
          await held;
        });
      });
    });
    held.catch(failed);
  });
}
