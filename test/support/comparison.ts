import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { WhisperError } from '../../src/core/errors.ts';
import { checkText } from '../../src/core/nix/parser.ts';
import { NEWEST_NIX, nixValues, type NixOutcome, type NixQuestion } from './nix-values.ts';
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
  const readable = samples.filter((sample, index) => names[index] && isAsked(sample.text));
  const questions = readable.map(({ text, probe = text, path }) => ({ text: probe, path }));
  const answers = await askNix(t, questions);
  const failed = readable.filter((_, at) => {
    const answer = answers?.[at];
    // What is not a list may be next to the list too: `activeModels.activeModels`.
    return answer?.kind === 'evaluation' || (answer?.kind === 'value' && !Array.isArray(answer.value));
  });
  const alone = new Map(failed.map((sample) => [sample, spliced(sample.text)]));
  const texts = [...new Set(alone.values())].filter((text) => text !== undefined);
  const further = await askNix(
    t,
    texts.map((text) => ({ text })),
  );
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

const HAS_NEWEST = existsSync(NEWEST_NIX);

/** Whether a text has syntax that only some versions of Nix know, or read as the reader does. */
function needsNewer(text: string): boolean {
  const { notes } = checkText(text);
  return notes.unclear.size > 0 || notes.respelled.some(({ as }) => as === '||');
}

/** Whether a Nix that knows the syntax of a text is installed. */
export function isAsked(text: string): boolean {
  return HAS_NEWEST || !needsNewer(text);
}

/** Each question is for the system's Nix, unless its syntax is too new. */
export async function askNix(
  t: TestContext,
  questions: readonly NixQuestion[],
): Promise<readonly NixOutcome[] | undefined> {
  const isNew = questions.map(({ text }) => needsNewer(text));
  const known = await nixValues(
    t,
    questions.filter((_, index) => !isNew[index]),
  );
  const newer = await nixValues(
    t,
    questions.filter((_, index) => isNew[index]),
    NEWEST_NIX,
  );
  if (!known || !newer) return undefined;
  const [nextKnown, nextNewer] = [known.values(), newer.values()];
  return isNew.map((each) => (each ? nextNewer : nextKnown).next().value as NixOutcome);
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
