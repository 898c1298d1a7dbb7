const given = process.env['WHISPER_RUNS'];
const runs = Number(given ?? 2000);
/** More than `npm test` does. */
export const isDeep = runs > 2000;
const anySeed = Math.floor(Math.random() * 2 ** 31);
const seed = process.env['WHISPER_SEED'];

export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
}

/**
 * How many texts each property is tried on, and from which seed. `npm test` always takes the same texts, so that it
 * fails only through a change; `npm run test:deep` takes other ones each time, and prints the seed.
 * `WHISPER_RUNS` and `WHISPER_SEED` decide otherwise.
 */
export const RUNS: Runs = { numRuns: runs, seed: Number(seed ?? (isDeep ? anySeed : 20_261_123)) };

/**
 * The same for what takes as long as many texts: `everyday` times in `npm test`, otherwise once for each `texts` of
 * `WHISPER_RUNS`. The seed is another one each time, so that few runs a day still come to try everything.
 */
export function randomRuns(everyday: number, texts: number): Runs {
  const numRuns = given === undefined ? everyday : Math.max(1, Math.ceil(runs / texts));
  return { numRuns, seed: Number(seed ?? anySeed) };
}
