import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { WhisperError } from '../../src/core/errors.ts';
import { nixValues, type NixOutcome } from './nix-values.ts';
import { namesIn } from './registry-text.ts';
import { spliced } from './spliced.ts';

/** A registry text, what Nix is to evaluate for it, and where in the value the list is. */
export interface Sample {
  readonly text: string;
  /** Default: the text. */
  readonly probe?: string;
  readonly path?: readonly string[];
}

/** How the reader and Nix stand on one text. */
export interface Verdict {
  /** `undefined`: the reader refuses, which is always allowed. */
  readonly names?: readonly string[];
  /** Not asked where the reader refuses. */
  readonly nix?: NixOutcome;
  /** The reader gives a list, and Nix another one, or Nix refuses to parse the file. */
  readonly disagreement?: 'value' | 'parse';
}

/** What the reader says; `undefined` where it refuses in its own words. Anything else that it throws is a bug. */
export function tryRead(text: string): readonly string[] | undefined {
  try {
    return namesIn(text);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    assert.equal(error.exitCode, 3);
    return undefined;
  }
}

/**
 * Evaluates the texts that were read with Nix; only the list where something else in the text fails.
 * `undefined` where there is no Nix; the test is skipped then.
 */
export async function compare(
  t: TestContext,
  samples: readonly Sample[],
  names: readonly (readonly string[] | undefined)[],
): Promise<readonly Verdict[] | undefined> {
  const readable = samples.filter((_, index) => names[index]);
  const answers = await nixValues(
    t,
    readable.map(({ text, probe = text, path }) => ({ text: probe, path })),
  );
  const failed = readable.filter((_, at) => {
    const answer = answers?.[at];
    // What is not a list may be next to the list too: `activeModels.activeModels`.
    return answer?.kind === 'evaluation' || (answer?.kind === 'value' && !Array.isArray(answer.value));
  });
  const alone = new Map(failed.map((sample) => [sample, spliced(sample.text)]));
  const texts = [...new Set(alone.values())].filter((text) => text !== undefined);
  const further = await nixValues(t, texts);
  if (!answers || !further) return undefined;
  const outcomes = new Map(readable.map((sample, at) => [sample, answers[at] as NixOutcome]));
  for (const [sample, text] of alone) {
    const outcome = further[texts.indexOf(text ?? '')];
    if (outcome?.kind === 'value') outcomes.set(sample, outcome);
  }
  return samples.map((sample, index) => {
    const [read, nix] = [names[index], outcomes.get(sample)];
    return read && nix ? judge(read, nix) : {};
  });
}

function judge(names: readonly string[], nix: NixOutcome): Verdict {
  if (nix.kind === 'parse') return { names, nix, disagreement: 'parse' };
  const differs = nix.kind === 'value' && !isDeepStrictEqual(names, nix.value);
  return differs ? { names, nix, disagreement: 'value' } : { names, nix };
}

/** A verdict for people. */
export function describe(text: string, { names, nix }: Verdict): string {
  const read = names ? `is read as ${JSON.stringify(names)}` : 'is refused';
  const said = nix?.kind === 'value' ? JSON.stringify(nix.value) : (nix?.message ?? 'nothing');
  return `the text ${read}, and Nix says ${said}\n${text}\nor as JSON: ${JSON.stringify(text)}`;
}
