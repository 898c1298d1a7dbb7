import type { TestContext } from 'node:test';
import type fc from 'fast-check';
import { assertInBatches, failureOf } from './batches.ts';
import { compare, describe, isAsked, tryRead, type Sample } from './comparison.ts';
import type { Runs } from './runs.ts';

/** How many texts were tried, read, and compared with a value that Nix has. */
export interface Tally {
  readonly tried: number;
  readonly read: number;
  readonly compared: number;
}

/** Fails where something is wrong with a sample whose text was read so; `undefined`: it is refused. */
export type Check<T> = (sample: T, names: readonly string[] | undefined) => void;

/**
 * Fails on the first generated text that the check fails on, or that the reader reads and Nix does not read the same way.
 * `undefined` where there is no Nix; the test is skipped then, if the check found nothing.
 */
export async function assertAgreement<T extends Sample>(
  t: TestContext,
  arbitrary: fc.Arbitrary<T>,
  runs: Runs,
  check: Check<T> = () => undefined,
): Promise<Tally | undefined> {
  const tally = { tried: 0, read: 0, compared: 0 };
  const judge = async (samples: readonly T[]): Promise<readonly (string | undefined)[] | undefined> => {
    const names = samples.map(({ text }) => tryRead(text));
    const failures = samples.map((sample, index) => failureOf(() => check(sample, names[index])));
    if (failures.some((failure) => failure !== undefined)) return failures;
    const verdicts = await compare(t, samples, names);
    tally.tried += samples.length;
    // Those that only a newer Nix knows count where there is one.
    const unasked = samples.filter(({ text }, index) => names[index] && !isAsked(text)).length;
    tally.read += names.filter((each) => each).length - unasked;
    tally.compared += verdicts?.filter(({ nix }) => nix?.kind === 'value').length ?? 0;
    return verdicts?.map((verdict, index) =>
      verdict.disagreement ? describe(samples[index]?.text ?? '', verdict) : undefined,
    );
  };
  const isTold = await assertInBatches(arbitrary, runs, judge, async ({ text }) => shorten(t, text));
  return isTold ? tally : undefined;
}

/** Takes away from a text what it can do without while the reader and Nix disagree in the same way. */
async function shorten(t: TestContext, text: string): Promise<string> {
  const disagreements = async (texts: readonly string[]): Promise<readonly (string | undefined)[]> => {
    const samples = texts.map((each) => ({ text: each }));
    return ((await compare(t, samples, texts.map(tryRead))) ?? []).map(({ disagreement }) => disagreement);
  };
  const [kind] = await disagreements([text]);
  if (kind === undefined) return '';
  let tokens: readonly string[] = text.match(/[A-Za-z_0-9]+|\s+|[^]/gu) ?? [];
  for (let size = Math.ceil(tokens.length / 2); size >= 1; size = size > FINE ? Math.ceil(size / 2) : size - 1) {
    const step = size > FINE ? size : 1;
    for (let found = 0; found >= 0;) {
      const starts = Array.from({ length: Math.ceil(tokens.length / step) }, (_, at) => at * step);
      const shorter = starts.map((start) => tokens.toSpliced(start, size));
      found = (await disagreements(shorter.map((each) => each.join('')))).indexOf(kind);
      tokens = shorter[found] ?? tokens;
    }
  }
  return `The shortest text found: ${JSON.stringify(tokens.join(''))}`;
}

// So few tokens and fewer are taken away from everywhere, more only from some places.
const FINE = 24;
