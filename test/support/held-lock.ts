import { withDirectoryLock } from '../../src/adapters/lock/flock.ts';

/** Holds a lock of a models directory; resolves when it is held, with the function that releases it. */
export async function holdLock(models: string, name = 'lock'): Promise<() => Promise<void>> {
  const settings = { wait: 0, delay: async () => {} };
  return new Promise((taken, failed) => {
    const held = withDirectoryLock(`${models}/.whisper/${name}`, settings, async () => {
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
