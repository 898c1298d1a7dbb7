import { LimitExceeded } from '../../nix/problems.ts';
import type { AttrsetBindings } from '../attrset-bindings.ts';
import { countBelow } from '../diagnostic.ts';
import type { Names } from '../follow.ts';
import type { Computed } from '../list.ts';
import type { AssertGroup, Definition, Scope } from '../scope.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { Namespace } from '../why-computed.ts';
import { leadsTo } from './attr.ts';

/** A binding whose attrpath ends in the wanted one, and its definition. */
export interface BindingMatch {
  readonly path: readonly string[];
  /** The binding, or the name in an `inherit`: the place for messages. */
  readonly node: SyntaxNode;
  readonly definition: Definition;
  /** What may give the attribute another value than its definition. */
  readonly obstacle: Computed | undefined;
  /** The `let` that binds it, which is not visible outside the file; `undefined`: it is an attribute of the result. */
  readonly enclosingLet: EnclosingLet | undefined;
  /** An `assert` that Nix evaluates before the binding, and whose condition is not certain from the text. */
  readonly assertion: SyntaxNode | undefined;
  readonly condition: Condition | undefined;
  /** The names that were followed to the set of the binding. */
  readonly names: Names | undefined;
  /** Whether a module function (`mkIf`, …) is around it. */
  readonly inModule: boolean;
  /** Whether it is in a function that the file itself may call, with any arguments. */
  readonly isCalled: boolean;
  /** The environments of the enclosing `with`s. */
  readonly namespace: Namespace | undefined;
}

/** A binding of a part of the wanted attribute: `a.b = …;` where `a` is wanted. */
export interface Piece {
  /** Up to the wanted attribute. */
  readonly path: readonly string[];
  /** The names behind it, `undefined` for each that is computed. */
  readonly rest: readonly (string | undefined)[];
  readonly binding: SyntaxNode;
  readonly value: SyntaxNode;
  readonly scope: Scope;
  /** The bindings of the set or `let` that it is in. */
  readonly siblings: AttrsetBindings;
  readonly enclosingLet: EnclosingLet | undefined;
  /** The names that were followed to the set of the binding. */
  readonly names: Names | undefined;
  /** Whether nothing around it decides if it is part of the value. */
  readonly isPlain: boolean;
}

/** A branch of an `if`, or the content of a `mkIf`: where the condition `of` selects another branch, the value is not defined. */
export interface Condition {
  readonly branch: 'then' | 'else' | 'mkIf';
  readonly of: SyntaxNode;
  readonly outer: Condition | undefined;
}

export interface EnclosingLet {
  readonly body: SyntaxNode;
  /** How many names of the path lead to the `let`. */
  readonly depth: number;
}

/** An expression in the result that is not a set: its attributes need Nix to evaluate. */
export interface End {
  readonly path: readonly string[];
  readonly node: SyntaxNode;
  /** Whether it is a side of `//`, so that its attributes are merged into a set. */
  readonly isSide: boolean;
  readonly isForeign: () => boolean;
}

export interface BindingSearch {
  readonly matches: readonly BindingMatch[];
  /** Those outside of a `let` whose path is shorter than the wanted one: only these may contain it. */
  readonly ends: readonly End[];
  readonly modules: ModuleCalls;
  readonly pieces: readonly Piece[];
}

/** What module functions do on the way to the wanted attribute, and what is bound at its path or below. */
export interface ModuleCalls {
  /** The lengths of the paths to sets inside `mkDefault`, `mkForce` or `mkOverride`: Nix may drop other definitions for them. */
  readonly overrides: number[];
  /** The lengths of the paths to a `mkMerge` of several parts. */
  readonly merges: number[];
  readonly bound: Set<number>;
}

export type Found = BindingMatch & Pick<Walk, 'group'>;

/** What stays the same during a search. */
export interface Search {
  readonly text: string;
  readonly wanted: readonly string[];
  /** Where the text may bind the wanted name. */
  readonly occurrences: NameOccurrences;
  /** The starts of bindings that versions of Nix read differently. */
  readonly unclear: ReadonlySet<number>;
  /** How often each variable of the text is used. */
  readonly uses: ReadonlyMap<string, number>;
  readonly budget: SearchBudget;
  readonly modules: ModuleCalls;
  readonly pieces: Piece[];
}

/** Steps of a search. Names that double each other (`a = b // b; b = c // c; …`) would take forever. */
export class SearchBudget {
  #left = 100_000;

  /** Throws `LimitExceeded` after too many steps. */
  take(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new LimitExceeded('work');
  }
}

/** Where a walk is. */
export interface Walk {
  readonly search: Search;
  readonly found: Found[];
  readonly ends: End[];
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly enclosingLet: EnclosingLet | undefined;
  /** Whether it is inside a set that is written in several parts. */
  readonly merged: boolean;
  readonly isSide: boolean;
  readonly namespace: Namespace | undefined;
  readonly assertion: SyntaxNode | undefined;
  readonly group: AssertGroup;
  readonly condition: Condition | undefined;
  readonly names: Names | undefined;
  readonly inModule: boolean;
  /** A module function directly around it: Nix merges nothing that is marked twice. */
  readonly marked: 'override' | 'order' | undefined;
  /** Whether it is in a function that the file itself may call, with any arguments. */
  readonly isCalled: boolean;
  /** The left sides of `//` whose attributes remain where a condition of the right side does not hold. */
  readonly lefts: Left | undefined;
  /** What names led to on the way here: none of it is walked again inside of itself. */
  readonly trail: Trail | undefined;
}

export interface Left {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  /** How many names of the path lead to the `//`. */
  readonly depth: number;
  /** The condition of the `//` itself. */
  readonly condition: Condition | undefined;
  readonly outer: Left | undefined;
}

export interface Trail {
  readonly node: SyntaxNode;
  readonly outer: Trail | undefined;
}

/** Where a text may bind a name: its occurrences, and escapes and interpolations, which may form it. Skips the rest. */
export class NameOccurrences {
  readonly #wanted: readonly string[];
  /** In ascending order; `undefined`: anywhere. */
  readonly #offsets: readonly number[] | undefined;

  constructor(text: string, wanted: readonly string[]) {
    this.#wanted = wanted;
    const name = wanted.at(-1) ?? '';
    if (/^[\w'-]+$/.test(name)) {
      this.#offsets = Array.from(text.matchAll(new RegExp(`${name}|\\$\\{|\\\\`, 'g')), ({ index }) => index);
    }
  }

  /** Whether a path leads towards the wanted one, so that its end matters too. */
  isTowards(path: readonly string[]): boolean {
    return path.length + 1 < this.#wanted.length && leadsTo(path, this.#wanted);
  }

  /** Whether a node may bind the wanted name anywhere inside. */
  mayBeIn({ startIndex, endIndex }: Pick<SyntaxNode, 'startIndex' | 'endIndex'>): boolean {
    if (!this.#offsets) return true;
    return (this.#offsets[countBelow(this.#offsets, startIndex)] ?? Infinity) < endIndex;
  }
}
