import type { Notes } from './notes.ts';
import { refuse, type Span, type SyntaxProblem } from './problems.ts';

/** The names that a scope defines: a set of them, or a map by them. */
export interface Names {
  keys(): Iterable<string>;
}

interface Use extends Span {
  readonly name: string;
  /** The number of uses before it. */
  readonly index: number;
  /** Whether it is an element of a list, where a string may be meant. */
  readonly isElement: boolean;
}

/**
 * The variables used so far that nothing has defined yet. Scopes are closed from the inside out: what a scope defines
 * is struck out of the uses since its beginning, and what is left in the end is not defined anywhere.
 * Each use is visited a constant number of times, however deep it is.
 */
export class Variables {
  /** All uses since the last `with` was closed, also the defined ones. */
  readonly #uses: Use[] = [];
  /** The uses that no scope has defined yet, by name and in order. */
  readonly #open = new Map<string, Use[]>();

  readonly #counts: Map<string, number>;

  /** `counts`: how often each name is used is added to it. */
  constructor(counts: Map<string, number>) {
    this.#counts = counts;
  }

  /** A mark of this moment: the beginning of a scope. */
  get mark(): number {
    return this.#uses.length;
  }

  use(name: string, { start, end }: Span, isElement = false): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (GLOBALS.has(name)) return;
    const use = { name, start, end, isElement, index: this.#uses.length };
    this.#uses.push(use);
    const known = this.#open.get(name);
    if (known) known.push(use);
    else this.#open.set(name, [use]);
  }

  /** Closes the scope that began at `mark` and defines `names`. Returns whether any of them was used in it. */
  close(mark: number, names: Names): boolean {
    let isUsed = false;
    for (const name of names.keys()) isUsed = this.#strike(name, mark) || isUsed;
    return isUsed;
  }

  /** Closes the body of a `with`, which may define any name. */
  closeWith(mark: number): void {
    for (let index = mark; index < this.#uses.length; index += 1) {
      this.#strike((this.#uses[index] as Use).name, mark);
    }
    this.#uses.length = mark;
  }

  #strike(name: string, mark: number): boolean {
    const uses = this.#open.get(name);
    const before = uses?.length ?? 0;
    while ((uses?.at(-1)?.index ?? -1) >= mark) uses?.pop();
    return uses !== undefined && uses.length < before;
  }

  /** The first variable that no scope defines. */
  undefinedOne(text: string): SyntaxProblem | undefined {
    let first: Use | undefined;
    for (const [use] of this.#open.values()) {
      if (use && use.start < (first?.start ?? Infinity)) first = use;
    }
    if (!first) return undefined;
    const { name, start, end, isElement } = first;
    const message = `${name} is not defined`;
    if (!isElement) {
      return { start, end, message, hint: 'Define it in a let, make it an argument, or fix its spelling' };
    }
    // `ggml-base.en.bin` without quotes is the name `ggml-base` with something selected from it.
    const word = /[\w.'-]+/y;
    word.lastIndex = start;
    const shown = word.exec(text)?.[0] ?? name;
    return { start, end: start + shown.length, message, hint: `If it is meant as a string, quote it: "${shown}"` };
  }
}

/** What Nix 2.8 (`nix-instantiate --parse`) defines. A file that uses a global of a newer Nix is evaluated by Nix. */
export const GLOBALS: ReadonlySet<string> = new Set(
  `abort baseNameOf builtins derivation derivationStrict dirOf false fetchGit fetchMercurial fetchTarball fetchTree
  fromTOML import isNull map null placeholder removeAttrs scopedImport throw toString true
  __add __addErrorContext __all __any __appendContext __attrNames __attrValues __bitAnd __bitOr __bitXor __catAttrs
  __ceil __compareVersions __concatLists __concatMap __concatStringsSep __curPos __currentSystem __currentTime
  __deepSeq __div __elem __elemAt __fetchurl __filter __filterSource __findFile __floor __foldl' __fromJSON
  __functionArgs __genList __genericClosure __getAttr __getContext __getEnv __groupBy __hasAttr __hasContext __hashFile
  __hashString __head __intersectAttrs __isAttrs __isBool __isFloat __isFunction __isInt __isList __isPath __isString
  __langVersion __length __lessThan __listToAttrs __mapAttrs __match __mul __nixPath __nixVersion __parseDrvName
  __partition __path __pathExists __readDir __readFile __replaceStrings __seq __sort __split __splitVersion __storeDir
  __storePath __stringLength __sub __substring __tail __toFile __toJSON __toPath __toXML __trace __tryEval __typeOf
  __unsafeDiscardOutputDependency __unsafeDiscardStringContext __unsafeGetAttrPos __zipAttrsWith`.split(/\s+/),
);

/** What an attribute set or a `let` defines, as far as the parser of Nix checks it. */
export interface Bindings {
  readonly attributes: Map<string, Attribute>;
  readonly recursive: boolean;
  /** Whether a `rec` set uses names of its own. */
  usesOwn: boolean;
  /** Where a name in it is computed (`${x} = …`). */
  dynamic: Span | undefined;
}

interface Attribute {
  /** The value, where it is written as a set. */
  readonly set: Bindings | undefined;
  readonly at: number;
}

/** An attrpath: each name, `undefined` where it is computed. */
export type Attrpath = readonly (string | undefined)[];

export function emptyBindings(recursive: boolean): Bindings {
  return { attributes: new Map(), recursive, usesOwn: false, dynamic: undefined };
}

/** A binding: its value, where it is written as a set, its place, and the mark of where its value begins. */
interface Added {
  readonly set: Bindings | undefined;
  readonly at: Span;
  readonly mark: number;
}

/**
 * Adds `attrpath = value;` as Nix does (`addAttr` in parser.y): merges parts of a set, refuses other repetitions. Notes the starts
 * of parts that versions of Nix read differently: where one part is a `rec` or has a computed name, they differ in what names
 * mean in the parts; and not every version merges sets inside of the parts.
 */
export function addBinding(
  bindings: Bindings,
  attrpath: Attrpath,
  { set, at, mark }: Added,
  { variables, notes: { unclear } }: { readonly variables: Variables; readonly notes: Pick<Notes, 'unclear'> },
): void {
  let into = bindings;
  for (const name of attrpath.slice(0, -1)) {
    const known = name === undefined ? undefined : into.attributes.get(name);
    if (known && !known.set) refuseTwice(attrpath, at, known);
    if (known?.set?.recursive) {
      unclear.add(known.at).add(at.start);
      variables.close(mark, known.set.attributes);
    }
    const nested = known?.set ?? emptyBindings(false);
    if (name === undefined) into.dynamic = at;
    else if (!known) into.attributes.set(name, { set: nested, at: at.start });
    into = nested;
  }
  const last = attrpath.at(-1);
  const known = last === undefined ? undefined : into.attributes.get(last);
  if (last === undefined) into.dynamic = at;
  else if (!known) into.attributes.set(last, { set, at: at.start });
  else merge(known, { set, at: at.start }, attrpath, { at, unclear });
}

export function addInherited(bindings: Bindings, name: string, at: Span): void {
  const known = bindings.attributes.get(name);
  if (known) refuseTwice([name], at, known);
  bindings.attributes.set(name, { set: undefined, at: at.start });
}

interface Merging {
  readonly at: Span;
  readonly unclear: Set<number>;
}

function merge(into: Attribute, from: Attribute, attrpath: Attrpath, merging: Merging): void {
  const { at, unclear } = merging;
  if (!into.set || !from.set) refuseTwice(attrpath, at, into);
  // The first part decides whether the whole is a `rec` set.
  if (!into.set.recursive && from.set.usesOwn) {
    refuse(
      at,
      `the names of this \`rec\` set are not defined, because ${dotted(attrpath)} begins elsewhere`,
      'Write it as one set',
    );
  }
  if (into.set.recursive || from.set.recursive || from.set.dynamic) unclear.add(into.at).add(at.start);
  for (const [name, attribute] of from.set.attributes) {
    const known = into.set.attributes.get(name);
    if (known) {
      merge(known, attribute, [...attrpath, name], merging);
      unclear.add(into.at).add(known.at).add(at.start);
    } else into.set.attributes.set(name, attribute);
  }
}

function refuseTwice(attrpath: Attrpath, at: Span, first: Attribute): never {
  refuse(at, `${dotted(attrpath)} is defined twice`, 'Keep one of the two', first.at);
}

function dotted(attrpath: Attrpath): string {
  return attrpath.map((name) => name ?? '${…}').join('.');
}
