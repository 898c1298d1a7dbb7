import { dirname } from 'node:path';
import { type Answer, type Answers, parseAnswers } from '../../core/evaluation/answer.ts';
import type { NixFailure } from '../../core/evaluation/nix-log.ts';
import { readFailure } from '../../core/evaluation/nix-report.ts';
import type { Target } from '../../core/evaluation/target.ts';
import { type Question, refuseQuestion, sourceOf } from '../../core/evaluation/question.ts';
import { type Finished, runLimited, TIME_LIMIT } from '../process/run-program.ts';
import { EVALUATES, optionFlags, SEALED } from './flags.ts';
import { findNix, type NixHost } from './find-nix.ts';
import type { ErrorCode, Place, WhisperError } from '../../core/errors.ts';
import {
  modelsDirNotAPath,
  modelsDirVariableNotAllowed,
  notAListOfStrings,
  unevaluatedList,
  unevaluatedModelsDir,
} from '../../core/messages/evaluation.ts';
import { unevaluatedSources } from '../../core/messages/sources.ts';
import type { Span } from '../../core/nix/problems.ts';
import { offsetAt, placeOf } from '../../core/registry/diagnostic.ts';
import type { Computed } from '../../core/registry/list.ts';
import { readTextOrNothing } from '../fs/read.ts';

export class NixFailed extends Error {
  readonly failure: NixFailure;

  constructor(failure: NixFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Evaluates only the values that a question names. */
export async function evaluate(host: NixHost, question: Question): Promise<Answers> {
  const { environment, signal } = host;
  const refusal = refuseQuestion(question);
  if (refusal) throw new NixFailed(refusal);
  const nix = findNix(environment, 'nix-instantiate');
  const folder = dirname(question.file);
  const reach = needsNeighbours(question) ? folder : undefined;
  const source = sourceOf(question, environment, reach);
  // With a prefix, the folder may be read and yet answers no `<name>`.
  const access = reach === undefined ? optionFlags({ 'pure-eval': 'true' }) : ['-I', `whisper-registry=${reach}`];
  const env = { PATH: environment['PATH'], ...SEALED };
  const finished = await runLimited(
    nix,
    [...EVALUATES, ...access, '-'],
    { cwd: folder, env, input: source.expression },
    signal,
  );
  return understand(
    parseAnswers,
    outputOf(finished, (stderr) => readFailure(stderr, source.offsets)),
  );
}

/** Whether a text may name other files: every path has a slash. Without any, it is evaluated where there are none. */
function needsNeighbours({ list, modelsDir, sources }: Question): boolean {
  return [list, modelsDir, sources].some((target) => target && (target.text?.includes('/') ?? true));
}

/** The standard output of an evaluation; throws `NixFailed` with what `read` finds on standard error where it failed. */
export function outputOf(finished: Finished, read: (stderr: string) => NixFailure): string {
  switch (finished.ended) {
    case 'well':
      return finished.stdout;
    case 'too late':
      throw beyond(`the evaluation took longer than ${TIME_LIMIT / 1000} seconds`);
    case 'too large':
      throw beyond('the evaluation printed too much output');
    case 'garbled':
      throw beyond('the value is not UTF-8 text');
    case 'badly':
      throw new NixFailed(read(finished.stderr));
  }
}

/** Parses the output of Nix; a successful program with other output is not Nix. */
export function understand<T>(parse: (json: string) => T, output: string): T {
  try {
    return parse(output);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw beyond('the output of Nix is not valid');
  }
}

function beyond(message: string): NixFailed {
  return new NixFailed({ message, hint: undefined, position: undefined, isInModelsDir: false });
}

/** The subject of an error of an evaluation. */
interface Evaluated {
  readonly file: string;
  readonly text: string;
  readonly attrpath: string;
  readonly binding: Span;
}

/** The error for a failed evaluation, at the place that Nix names. */
export function evaluationError(
  code: Extract<ErrorCode, 'registry-eval' | 'registry-bad-source' | 'models-dir-unknown'>,
  { failure }: NixFailed,
  evaluated: Evaluated,
  computed: Computed | undefined,
): WhisperError {
  const { file, text, attrpath } = evaluated;
  const place = placeOfFailure(failure.position, file, text) ?? (computed && placeOf(file, text, computed));
  if (failure.unlisted !== undefined) return modelsDirVariableNotAllowed(failure.unlisted, place);
  if (code === 'registry-bad-source') return unevaluatedSources(computed?.reason ?? '', failure.message, place);
  const refused = { reason: computed?.reason, said: failure.message, place };
  return code === 'models-dir-unknown'
    ? unevaluatedModelsDir(refused)
    : unevaluatedList({ ...refused, attr: attrpath, hint: failure.hint });
}

/** The evaluated list of strings; throws `registry-eval` where the value is anything else. */
export function requireStrings(answer: Answer | undefined, evaluated: Evaluated): readonly string[] {
  if (answer?.kind === 'strings') return answer.strings;
  const { file, text, binding, attrpath } = evaluated;
  throw notAListOfStrings(attrpath, describe(answer), placeOf(file, text, binding));
}

/** The evaluated models directory, `undefined` where there is none; throws `models-dir-unknown` for no path. */
export function requirePath(
  answer: Answer,
  { file, text }: Pick<Evaluated, 'file' | 'text'>,
  { computed, target }: { readonly computed: Computed; readonly target: Target | undefined },
): string | undefined {
  if (answer.kind === 'string') return answer.string;
  if (answer.kind === 'missing' && target?.isBody === false) return undefined;
  throw modelsDirNotAPath(describe(answer), placeOf(file, text, computed));
}

function describe(answer: Answer | undefined): string {
  if (answer?.kind === 'mixed') return `a list whose element ${answer.index} is ${answer.wrong}`;
  if (answer?.kind === 'other') return answer.type;
  if (answer?.kind === 'strings') return 'a list';
  return answer?.kind === 'string' ? 'a string' : 'nothing';
}

type Position = NixFailed['failure']['position'];

function placeOfFailure(position: Position, file: string, text: string): Place | undefined {
  if (!position) return undefined;
  const source = position.file === undefined ? text : readTextOrNothing(position.file);
  // A place without its source line does not help the user.
  if (source === '') return undefined;
  const start = offsetAt(source, position.line, position.column);
  return placeOf(position.file ?? file, source, { start, end: start + 1 });
}
