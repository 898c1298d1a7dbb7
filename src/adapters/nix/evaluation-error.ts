import type { ErrorCode, Place, WhisperError } from '../../core/errors.ts';
import type { Answer } from '../../core/evaluation/answer.ts';
import type { Target } from '../../core/evaluation/target.ts';
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
import type { NixFailed } from './evaluate.ts';

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

/** The place of an error, in the registry or in a file that it imports. */
function placeOfFailure(position: Position, file: string, text: string): Place | undefined {
  if (!position) return undefined;
  const source = position.file === undefined ? text : readTextOrNothing(position.file);
  // Without its source line, a place says nothing.
  if (source === '') return undefined;
  const start = offsetAt(source, position.line, position.column);
  return placeOf(position.file ?? file, source, { start, end: start + 1 });
}
