import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Runs } from './runs.ts';

/** What is wrong with each sample, `undefined` where nothing is. `undefined` for all: unknown without Nix. */
export type Judge<T> = (samples: readonly T[]) => Promise<readonly (string | undefined)[] | undefined>;

/**
 * A property whose samples are judged many at once, because each alone would cost a process. What fails, fast-check
 * generates again from the same seed and shrinks, one sample at a time. `explain` describes the smallest failing sample.
 * False where the samples cannot be checked.
 */
export async function assertInBatches<T>(
  arbitrary: fc.Arbitrary<T>,
  { numRuns, seed }: Runs,
  judge: Judge<T>,
  explain: (sample: T) => Promise<string> = async () => Promise.resolve(''),
): Promise<boolean> {
  const size = Math.min(LARGEST, Math.ceil(numRuns / PIECES));
  const seeds = Array.from({ length: Math.ceil(numRuns / size) }, (_, at) => seed + at);
  let goesOn = true;
  const work = async (): Promise<void> => {
    for (let own = seeds.shift(); own !== undefined && goesOn; own = seeds.shift()) {
      const runs = { numRuns: size, seed: own };
      const failures = await judge(fc.sample(arbitrary, runs));
      const index = failures?.findIndex((failure) => failure !== undefined) ?? -1;
      if (failures && index < 0) continue;
      // The other work ends too.
      goesOn = false;
      if (failures) await shrink(arbitrary, { seed: own, path: String(index) }, judge, failures[index] ?? '', explain);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return goesOn;
}

// The next samples are made while Nix is busy with some; the machine may have two processors only.
const AT_ONCE = 2;
const PIECES = 4;
// As many texts as one Nix is asked about.
const LARGEST = 2000;
const SHRINKING_MS = 60_000;

async function shrink<T>(
  arbitrary: fc.Arbitrary<T>,
  where: { readonly seed: number; readonly path: string },
  judge: Judge<T>,
  failure: string,
  explain: (sample: T) => Promise<string>,
): Promise<never> {
  const alone = fc.asyncProperty(arbitrary, async (sample) => {
    const [message] = (await judge([sample])) ?? [];
    if (message !== undefined) assert.fail(message);
  });
  const details = await fc.check(alone, { ...where, interruptAfterTimeLimit: SHRINKING_MS });
  const report = fc.defaultReportMessage(details) ?? `${JSON.stringify(where)}, in company only: ${failure}`;
  const message = details.errorInstance instanceof Error ? details.errorInstance.message : '';
  const more = details.counterexample ? await explain(details.counterexample[0]) : '';
  return assert.fail([report, message, more].join('\n'));
}

/** What a function throws, in words. */
export function failureOf(assertion: () => void): string | undefined {
  try {
    assertion();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
