/** Lets what happened in the meantime arrive, a signal above all, and throws its reason if there was one. */
export async function takeTurn(signal: AbortSignal): Promise<void> {
  await new Promise((resume) => {
    setImmediate(resume);
  });
  signal.throwIfAborted();
}
