import { readBindings } from './bindings.ts';
import { isFunction, readFunction } from './functions.ts';
import { Lexer } from './lexer.ts';
import { operation } from './operators.ts';
import { Refusal, refuse, type SyntaxProblem } from './problem.ts';
import { clause, refuseToken, take, type Known, type Reader } from './reader.ts';
import { Variables } from './variables.ts';

/**
 * The first thing in the text that Nix would refuse while it parses, or undefined: the grammar and the checks of
 * Nix 2.8 (src/libexpr/{lexer.l,parser.y}, `bindVars` in nixexpr.cc), written down a second time, because a grammar
 * alone does not see undefined variables, names that are defined twice and the like.
 * Throws a `RangeError` where the text is nested thousands of times deep.
 */
export function checkSyntax(text: string): SyntaxProblem | undefined {
  const lexer = new Lexer(text);
  const variables = new Variables();
  const reader: Reader = { lexer, variables, expression: () => expression(reader) };
  try {
    lexer.next();
    reader.expression();
    if (lexer.kind !== 'end') refuseToken(lexer, 'the end of the file');
    variables.requireNone(text);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}

function expression(reader: Reader): Known {
  const { lexer, variables } = reader;
  switch (lexer.kind) {
    case 'name':
    case '{':
      return isFunction(reader) ? readFunction(reader) : operation(reader);
    case 'let':
      return lexer.peek(1)[0] === '{' ? operation(reader) : readLet(reader);
    case 'with': {
      clause(reader, ';');
      const { mark } = variables;
      expression(reader);
      variables.closeWith(mark);
      return undefined;
    }
    case 'assert':
      clause(reader, ';');
      expression(reader);
      return undefined;
    case 'if':
      clause(reader, 'then');
      reader.expression();
      take(reader, 'else');
      expression(reader);
      return undefined;
    default:
      return operation(reader);
  }
}

function readLet(reader: Reader): undefined {
  const { lexer, variables } = reader;
  const at = { start: lexer.start, end: lexer.end };
  lexer.next();
  const bindings = readBindings(reader, 'in', true, at);
  // Not from before: what the bindings inherit is taken from the scope around.
  const { mark } = variables;
  if (bindings.dynamic) refuse(at, 'a `let` with a computed name', 'Write the name out.');
  lexer.next();
  reader.expression();
  variables.close(mark, bindings.attributes);
}
