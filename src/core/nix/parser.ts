import { readBindings } from './bindings.ts';
import { Lexer } from './lexer.ts';
import { emptyNotes, type Notes } from './notes.ts';
import { isFunction, operation, readFunction } from './operators.ts';
import { Refusal, refuse, type Span, type SyntaxProblem } from './problems.ts';
import {
  clause,
  closeBracket,
  END,
  enter,
  type Known,
  leave,
  openBracket,
  type Reader,
  refuseToken,
  take,
} from './reader.ts';
import { Variables } from './scopes.ts';

/**
 * The first thing in the text that Nix would refuse while it parses, or undefined: the grammar and the checks of
 * Nix 2.8 (src/libexpr/{lexer.l,parser.y}, `bindVars` in nixexpr.cc), because the grammar of tree-sitter does not see
 * undefined variables, names that are defined twice and the like. With it, what else was found up to there; `wanted`: names whose
 * bindings are noted.
 * Throws `LimitExceeded` where the text is nested too deeply or would take the parsers too long.
 */
export function checkText(
  text: string,
  wanted: readonly string[] = [],
): { readonly problem: SyntaxProblem | undefined; readonly notes: Notes } {
  const lexer = new Lexer(text);
  const notes = emptyNotes(wanted);
  const variables = new Variables(notes.uses);
  const reader: Reader = {
    lexer,
    variables,
    notes,
    path: [],
    open: [],
    depth: 0,
    suspect: undefined,
    beforeArgument: 0,
    expression: () => expression(reader),
  };
  try {
    lexer.next();
    reader.expression();
    if (lexer.kind !== 'end') refuseToken(reader, END);
  } catch (error) {
    if (error instanceof Refusal) {
      return { problem: conflict(text) ?? reader.suspect ?? withLine(error.problem, text), notes };
    }
    throw error;
  }
  return { problem: variables.undefinedOne(text), notes };
}

/** The first `__curPos` or path from `~`: its value depends on more than the text, and nothing can override it. */
export function findLocal(text: string): Span | undefined {
  return checkText(text).notes.local[0];
}

/** An unresolved merge explains every other problem of a text. */
function conflict(text: string): SyntaxProblem | undefined {
  const marker = /^(?:<{7}|>{7})(?: .*)?$/m.exec(text);
  if (!marker) return undefined;
  const { index: start } = marker;
  const end = start + marker[0].length;
  return { start, end, message: 'a merge conflict', hint: 'Resolve it and delete the markers' };
}

function withLine(problem: SyntaxProblem, text: string): SyntaxProblem {
  const { first, message } = problem;
  if (first === undefined) return problem;
  return { ...problem, message: `${message}, first on line ${text.slice(0, first).split('\n').length}` };
}

// An expression with the `assert`s and the `if … else`s before it, in a loop because they may be many: one level of
// depth.
function expression(reader: Reader): Known {
  enter(reader);
  const known = nested(reader);
  leave(reader);
  return known;
}

function nested(reader: Reader): Known {
  const { lexer } = reader;
  for (let isAlone = true; ; isAlone = false) {
    switch (lexer.kind) {
      case 'assert':
        clause(reader, ';');
        break;
      case 'if':
        clause(reader, 'then');
        reader.expression();
        take(reader, 'else');
        break;
      default: {
        const known = body(reader);
        return isAlone ? known : undefined;
      }
    }
  }
}

function body(reader: Reader): Known {
  const { lexer, variables } = reader;
  switch (lexer.kind) {
    case 'name':
    case '{':
      return isFunction(reader) ? readFunction(reader) : pipeline(reader);
    case 'let':
      return lexer.peek(1)[0] === '{' ? pipeline(reader) : readLet(reader);
    case 'with': {
      clause(reader, ';');
      const { mark } = variables;
      expression(reader);
      variables.closeWith(mark);
      return undefined;
    }
    default:
      return pipeline(reader);
  }
}

/**
 * A chain of `|>` or of `<|`, which newer versions of Nix know: never both, and weaker than all other operators. tree-sitter does not
 * know them, so they are respelled as `||`, another weak operator; nothing is read inside of either.
 */
function pipeline(reader: Reader): Known {
  const { lexer, notes } = reader;
  const known = operation(reader);
  const { kind } = lexer;
  if (kind !== '|>' && kind !== '<|') return known;
  while (lexer.kind === kind) {
    notes.respelled.push({ start: lexer.start, end: lexer.end, as: '||' });
    lexer.next();
    operation(reader);
  }
  if (lexer.kind === '|>' || lexer.kind === '<|') {
    refuse(lexer, '`|>` and `<|` cannot be mixed', 'Put one of the two in parentheses');
  }
  return undefined;
}

function readLet(reader: Reader): undefined {
  const { variables } = reader;
  openBracket(reader, 'in');
  const bindings = readBindings(reader, 'in', true);
  if (bindings.dynamic) refuse(bindings.dynamic, 'a `let` with a computed name', 'Write the name literally');
  closeBracket(reader);
  // The uses in the bindings are resolved by now: `let inherit a; in a` takes `a` from the enclosing scope.
  const { mark } = variables;
  reader.expression();
  variables.close(mark, bindings.attributes);
}
