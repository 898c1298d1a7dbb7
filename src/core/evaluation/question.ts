import { findLocal } from '../nix/parser.ts';
import { quote } from '../nix/literals.ts';
import { type Environment, isListed, LISTED } from '../registry/string-value.ts';
import type { NixFailure } from './nix-log.ts';
import { MAKE_SANDBOX, MARK, SANDBOX } from './sandbox.ts';
import type { Target } from './target.ts';
import { SOURCE_ATTRIBUTES } from '../registry/sources/source.ts';

/** What Nix is asked about one file, in one evaluation. */
export interface Question {
  /** The file that the texts are of, links followed; relative paths in it are meant from its folder. */
  readonly file: string;
  readonly list: Target | undefined;
  readonly modelsDir: Target | undefined;
  readonly sources?: Target | undefined;
}

export interface Source {
  readonly expression: string;
  /** For each text in it, how many lines of the expression stand before its first one; in ascending order. */
  readonly offsets: readonly number[];
}

/** Marks the trace of an error in the evaluation of the models directory. */
export const IN_MODELS_DIR = `${MARK} modelsDir`;
/** The same for `modelSources`. */
export const IN_SOURCES = `${MARK} modelSources`;

/**
 * The expression for a question. Each text is part of it unchanged, as the body of a function, whose arguments replace the
 * builtins that read outside the file. Only `modelsDir` may read environment variables, those that locate folders; no others
 * are in the expression. `folder`: where the evaluation may read other files, if anywhere.
 */
export function sourceOf(
  { file, list, modelsDir, sources }: Question,
  environment: Environment,
  folder?: string,
): Source {
  const where = folder === undefined ? 'null' : quote(folder);
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || !isListed(name) ? [] : `${quote(name)} = ${quote(value)};`,
  );
  const noVariable = '(name: stop "variable" name)';
  const readVariable = `(name: if builtins.match ${quote(LISTED)} name == null then stop "unlisted" name else { ${variables.join(' ')} }.\${name} or "")`;
  const answers = [
    list && `list = ${answerTo(list, `list (sandbox ${noVariable} ${where})`)};`,
    modelsDir &&
      `modelsDir = within "${IN_MODELS_DIR}" (${answerTo(modelsDir, `modelsDir (sandbox ${readVariable} ${where})`)});`,
    sources &&
      `sources = within "${IN_SOURCES}" (${answerTo(sources, `sources (sandbox ${noVariable} ${where})`, 'showSources')});`,
  ];
  const names = `${list ? 'list: ' : ''}${modelsDir ? 'modelsDir: ' : ''}${sources ? 'sources: ' : ''}`;
  let expression = `(${names}let ${HELPERS} in { ${answers.filter(Boolean).join(' ')} })`;
  const offsets: number[] = [];
  for (const target of [list, modelsDir, sources]) {
    if (!target) continue;
    if (target.text === undefined) {
      expression += ` (sandbox: sandbox.import (/. + ${quote(file)}))`;
    } else {
      expression += ` ({ ${SANDBOX} }:\n`;
      offsets.push(expression.split('\n').length - 1);
      expression += `${target.text}\n)`;
    }
  }
  return { expression, offsets };
}

function answerTo({ path, isBody }: Target, root: string, show = 'show'): string {
  return `${show} (${isBody ? 'body' : ''} (pick (${root}) [ ${path.map(quote).join(' ')} ]))`;
}

/** Nix: `show` makes an answer of `{ value = …; }` or `{ missing = true; }`. */
export const SHOW = `show = found:
    if found ? missing then found
    else if builtins.isList found.value then
      { strings = map (each: if builtins.isString each then each else { type = builtins.typeOf each; }) found.value; }
    else if builtins.isString found.value || builtins.isPath found.value then { string = toString found.value; }
    else { type = builtins.typeOf found.value; };`;

// Only `toXML` distinguishes `x: …` from `{ ... }: …` and shows an @-pattern.
const HELPERS = `${MAKE_SANDBOX}
  within = context: value: builtins.addErrorContext context (builtins.deepSeq value value);
  call = value:
    if builtins.isFunction value then call (value (argumentOf value (builtins.toXML value)))
    else if builtins.isAttrs value && value ? __functor then stop "functor" ""
    else value;
  argumentOf = function: pattern:
    if has "<attrspat[^>]* name=" pattern then stop "whole" (nameIn pattern)
    else if has "<attrspat" pattern then builtins.mapAttrs (name: _: stop "argument" name) (builtins.functionArgs function)
    else stop "argument" (nameIn pattern);
  nameIn = pattern:
    let found = builtins.split "name=\\"([^\\"]*)\\"" pattern;
    in if builtins.length found > 1 then builtins.head (builtins.elemAt found 1) else "of a builtin";
  pick = value: path:
    if path == [ ] then { inherit value; }
    else let set = call value; name = builtins.head path; in
      if builtins.isAttrs set && set ? \${name} then pick set.\${name} (builtins.tail path) else { missing = true; };
  body = found: if found ? value then { value = builtins.head (call found.value); } else found;
  ${SHOW}
  showSources = found: if found ? value && builtins.isAttrs found.value
    then { sources = map (name: { inherit name; } // showSource found.value.\${name}) (builtins.attrNames found.value); } else show found;
  showSource = value: if builtins.isAttrs value
    then { attributes = builtins.mapAttrs (_: showAttribute) (builtins.intersectAttrs { ${SOURCE_ATTRIBUTES.map((name) => `${name} = 0;`).join(' ')} } value); }
    else { type = builtins.typeOf value; };
  showAttribute = value: if builtins.isString value then { string = value; }
    else if builtins.isInt value then { number = value; } else { type = builtins.typeOf value; };`
  .replace(/\s*\n\s*/g, ' ')
  .trim();

/** Why a question must not be asked: its text depends on the place of the file or on the user. */
export function refuseQuestion({ list, modelsDir, sources }: Question): NixFailure | undefined {
  for (const target of [list, modelsDir, sources]) {
    const text = target?.text ?? '';
    const local = findLocal(text);
    if (!local) continue;
    const name = text.slice(local.start, local.end);
    const before = text.slice(0, local.start).split('\n');
    const column = new TextEncoder().encode(before.at(-1)).length + 1;
    return {
      message: `the file uses ${name}, which depends on its location and on the user`,
      hint: name.startsWith('~') ? 'Write the path as a string: modelsDir may begin with "~/"' : 'Remove it',
      position: { file: undefined, line: before.length, column },
      isInModelsDir: target === modelsDir,
      isInSources: target === sources,
    };
  }
  return undefined;
}
