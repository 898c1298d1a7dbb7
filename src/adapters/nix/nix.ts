import type { Answer, Answers } from '../../core/evaluation/answer.ts';
import type { Question } from '../../core/evaluation/question.ts';
import { savedDuringEvaluation } from '../../core/messages/busy.ts';
import type { NixHost } from './find-nix.ts';

/** The evaluator of one command. It evaluates a list or a flake once, however often the command reads it. */
export class Nix {
  readonly #host: NixHost;
  readonly #asked = new Map<string, { readonly key: string; readonly answers: Promise<Answers> }>();
  readonly #askedFlakes = new Map<string, Promise<Answer>>();

  constructor(host: NixHost) {
    this.#host = host;
  }

  /**
   * Evaluates what the question names, and nothing else of the file; `list` identifies one of the lists of a file. Throws
   * `NixFailed` where the evaluation fails, `nix-missing` without Nix, `registry-busy` where the file has changed since this
   * command evaluated it first.
   */
  async ask(question: Question, list: string): Promise<Answers> {
    const key = JSON.stringify(question);
    const subject = `${question.file}\n${list}`;
    const known = this.#asked.get(subject);
    if (known && known.key !== key) throw savedDuringEvaluation(question.file);
    // Loaded when something is evaluated: most lists are plain.
    const answers = known?.answers ?? import('./evaluate.ts').then(({ evaluate }) => evaluate(this.#host, question));
    if (!known) this.#asked.set(subject, { key, answers });
    return answers;
  }

  /** Evaluates an attribute of a flake, like `.#lib.activeModels`; relative references are meant from `cwd`. */
  async askFlake(reference: string, cwd: string): Promise<Answer> {
    const subject = `${cwd}\n${reference}`;
    const answer =
      this.#askedFlakes.get(subject) ??
      import('./evaluate-flake.ts').then(({ evaluateFlake }) => evaluateFlake(this.#host, reference, cwd));
    this.#askedFlakes.set(subject, answer);
    return answer;
  }

  /** Forgets the answers, because imported files may have changed since. */
  forget(): void {
    this.#asked.clear();
    this.#askedFlakes.clear();
  }
}
