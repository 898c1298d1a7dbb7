const runs = Number(process.env['WHISPER_RUNS'] ?? 2000);
const isDeep = runs > 2000;

/**
 * How many texts each property is tried on, and from which seed. `npm test` always takes the same texts, so that it
 * fails only through a change; `npm run test:deep` takes other ones each time, and prints the seed.
 * `WHISPER_RUNS` and `WHISPER_SEED` decide otherwise.
 */
export const RUNS = {
  numRuns: runs,
  seed: Number(process.env['WHISPER_SEED'] ?? (isDeep ? Date.now() % 2 ** 31 : 20_261_123)),
} as const;
