import { accessSync, constants, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { savedWhileEvaluated } from '../core/messages/busy.ts';
import { noNixProgram } from '../core/messages/evaluation.ts';
import { parseAnswers, parseList, type Answer, type Answers } from '../core/evaluation/answer.ts';
import { readFailure, type NixFailure } from '../core/evaluation/nix-report.ts';
import { sourceOf, type Question, type Source } from '../core/evaluation/question.ts';
import { refuseQuestion } from '../core/evaluation/refuse-question.ts';
import { runLimited, TIME_LIMIT, type Finished } from './limited-process.ts';

/** An evaluation that Nix did not finish, or finished with an error. */
export class NixFailed extends Error {
  readonly failure: NixFailure;

  constructor(failure: NixFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What of the running process an evaluation depends on. */
export interface NixHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

// For a stranger's file: nothing is built, fetched or read that was not named (https://nix.dev/manual, "nix.conf").
const SAFE = ['--option', 'restrict-eval', 'true', '--option', 'allow-import-from-derivation', 'false'];
const REPORTS = ['--log-format', 'internal-json', '--show-trace'];

/** The evaluator of one command. It asks Nix about a list or a flake once, however often the command looks at it. */
export class Nix {
  readonly #host: NixHost;
  readonly #asked = new Map<string, { readonly key: string; readonly answers: Promise<Answers> }>();
  readonly #askedFlakes = new Map<string, Promise<Answer>>();

  constructor(host: NixHost) {
    this.#host = host;
  }

  /**
   * Evaluates what the question names, and nothing else of the file; `list` tells the lists of one file apart. Throws `NixFailed` where Nix does, `nix-missing`
   * where there is no Nix, `registry-busy` where the file was another one when this command asked first.
   */
  async ask(question: Question, list: string): Promise<Answers> {
    const key = JSON.stringify(question);
    const subject = `${question.file}\n${list}`;
    const known = this.#asked.get(subject);
    if (known && known.key !== key) throw savedWhileEvaluated(question.file);
    const answers = known?.answers ?? this.#evaluate(question);
    if (!known) this.#asked.set(subject, { key, answers });
    return answers;
  }

  /** Evaluates an attribute of a flake, like `.#lib.activeModels`; relative references are meant from `cwd`. */
  async askFlake(reference: string, cwd: string): Promise<Answer> {
    const subject = `${cwd}\n${reference}`;
    const answer = this.#askedFlakes.get(subject) ?? this.#evaluateFlake(reference, cwd);
    this.#askedFlakes.set(subject, answer);
    return answer;
  }

  /** Forgets the answers: what a value is made of may lie in other files, and time has passed since. */
  forget(): void {
    this.#asked.clear();
    this.#askedFlakes.clear();
  }

  async #evaluateFlake(reference: string, cwd: string): Promise<Answer> {
    const { environment } = this.#host;
    const nix = findNix(environment, 'nix');
    const options = ['--option', 'accept-flake-config', 'false', '--option', 'flake-registry', ''];
    const features = ['--extra-experimental-features', 'nix-command flakes'];
    const args = ['eval', '--json', '--no-write-lock-file', ...features, ...SAFE, ...options, ...REPORTS, reference];
    // A flake is fetched into a real store, by the user's own settings.
    const finished = await this.#run(nix, args, { cwd, env: environment });
    return understand(parseList, outputOf(finished, { expression: '', offsets: [] }));
  }

  async #evaluate(question: Question): Promise<Answers> {
    const { environment } = this.#host;
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
    const finished = await this.#run(nix, args, { cwd: folder, env, input: source.expression });
    return understand(parseAnswers, outputOf(finished, source));
  }

  async #run(file: string, args: readonly string[], options: Parameters<typeof runLimited>[2]): Promise<Finished> {
    return runLimited(file, args, options, this.#host.signal);
  }
}

/** The path of a program of Nix that is needed for `use`; throws `nix-missing` (exit 3) where PATH has none. */
export function findNix(
  environment: NixHost['environment'],
  program: 'nix' | 'nix-instantiate' | 'nix-store',
  use: 'evaluation' | 'push' = 'evaluation',
): string {
  for (const folder of (environment['PATH'] ?? '').split(':')) {
    const path = join(folder, program);
    if (isAbsolute(folder) && isExecutable(path)) return path;
  }
  throw noNixProgram(program, use);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

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
      throw beyond('the evaluation writes more than it may');
    case 'garbled':
      throw beyond('the value is not UTF-8 text');
    case 'badly':
      throw new NixFailed(readFailure(finished.stderr, offsets));
  }
}

/** What Nix answered; a program that ends well and answers something else is not the Nix that is meant. */
function understand<T>(parse: (json: string) => T, output: string): T {
  try {
    return parse(output);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw beyond('what Nix answers cannot be understood');
  }
}

function beyond(message: string): NixFailed {
  return new NixFailed({ message, hint: undefined, position: undefined, isInModelsDir: false });
}
