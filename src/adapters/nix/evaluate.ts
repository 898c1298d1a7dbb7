import { dirname } from 'node:path';
import { type Answer, type Answers, parseAnswers, parseList } from '../../core/evaluation/answer.ts';
import type { NixFailure } from '../../core/evaluation/nix-log.ts';
import { readFailure } from '../../core/evaluation/nix-report.ts';
import { parseFlakeReference, type Target } from '../../core/evaluation/target.ts';
import { type Question, refuseQuestion, type Source, sourceOf } from '../../core/evaluation/question.ts';
import { invalidOptionValue } from '../../core/messages/usage.ts';
import { type Finished, runLimited, TIME_LIMIT } from '../process/run-program.ts';
import { findNix, type NixHost } from './find-nix.ts';
import { withFlakeFiles } from './flake-files.ts';
import type { ErrorCode, Place, WhisperError } from '../../core/errors.ts';
import {
  modelsDirNotAPath,
  modelsDirVariableNotAllowed,
  notAListOfStrings,
  unevaluatedList,
  unevaluatedModelsDir,
} from '../../core/messages/evaluation.ts';
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

// For untrusted files: nothing is built, fetched or read that was not named (https://nix.dev/manual, "nix.conf").
const SAFE = ['--option', 'restrict-eval', 'true', '--option', 'allow-import-from-derivation', 'false'];
const REPORTS = ['--log-format', 'internal-json', '--show-trace'];

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
  const access = reach === undefined ? ['--option', 'pure-eval', 'true'] : ['-I', `whisper-registry=${reach}`];
  const args = ['--eval', '--strict', '--json', '--store', 'dummy://', ...SAFE, ...access, ...REPORTS, '-'];
  const env = { PATH: environment['PATH'], NIX_PATH: '', NIX_CONF_DIR: '/nonexistent', NIX_USER_CONF_FILES: '' };
  const finished = await runLimited(nix, args, { cwd: folder, env, input: source.expression }, signal);
  return understand(parseAnswers, outputOf(finished, source));
}

/** Evaluates a flake's attribute, relative to `cwd`. Nix runs no program: git would obey the configuration of any input. */
export async function evaluateFlake(host: NixHost, reference: string, cwd: string): Promise<Answer> {
  const { environment, signal } = host;
  const parsed = parseFlakeReference(reference);
  if (!parsed) throw invalidOptionValue('attr', reference);
  const nix = findNix(environment, 'nix');
  const options = ['--option', 'accept-flake-config', 'false', '--option', 'flake-registry', ''];
  const features = ['--extra-experimental-features', 'nix-command flakes'];
  const args = ['eval', '--json', '--no-write-lock-file', ...features, ...SAFE, ...options, ...REPORTS];
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => FOR_FLAKES.test(name)));
  const finished = await withFlakeFiles({ environment, signal, cwd }, parsed.flake, async (address) =>
    runLimited(nix, [...args, `${address}#${parsed.attribute}`], { cwd, env }, signal),
  );
  return understand(parseList, outputOf(finished, { expression: '', offsets: [] }));
}

/** A flake is fetched into a real store, by the user's own settings. These variables have them or lead to them. */
const FOR_FLAKES = /^(?:HOME|USER|LOGNAME|TMPDIR|SSL_CERT_FILE|CURL_CA_BUNDLE|(?:XDG|NIX)_\w+|\w+_proxy)$/i;

/** Whether a text may name other files: every path has a slash. Without any, it is evaluated where there are none. */
function needsNeighbours({ list, modelsDir }: Question): boolean {
  return [list, modelsDir].some((target) => target && (target.text?.includes('/') ?? true));
}

function outputOf(finished: Finished, { offsets }: Source): string {
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
      throw new NixFailed(readFailure(finished.stderr, offsets));
  }
}

/** Parses the output of Nix; a successful program with other output is not Nix. */
function understand<T>(parse: (json: string) => T, output: string): T {
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
  code: Extract<ErrorCode, 'registry-eval' | 'models-dir-unknown'>,
  { failure }: NixFailed,
  evaluated: Evaluated,
  computed: Computed | undefined,
): WhisperError {
  const { file, text, attrpath } = evaluated;
  const place = placeOfFailure(failure.position, file, text) ?? (computed && placeOf(file, text, computed));
  if (failure.unlisted !== undefined) return modelsDirVariableNotAllowed(failure.unlisted, place);
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
