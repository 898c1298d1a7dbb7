import { createRequire } from 'node:module';
import type Parser from 'tree-sitter';
import { WhisperError } from '../core/errors.ts';
import type { SyntaxNode } from '../core/registry/syntax.ts';

let parser: Parser | undefined;

/** Parses Nix source text into a concrete syntax tree. Loads the native parser when first called. */
export function parseNix(text: string): SyntaxNode {
  parser ??= load();
  // The native binding refuses texts over 32,767 characters unless its buffer is large enough.
  const bufferSize = Math.max(32 * 1024, (text.length + 1) * 2);
  return parser.parse(text, null, { bufferSize }).rootNode;
}

function load(): Parser {
  const require = createRequire(import.meta.url);
  try {
    const TreeSitter = require('tree-sitter') as typeof Parser;
    const loaded = new TreeSitter();
    loaded.setLanguage(require('#grammar') as Parser.Language);
    return loaded;
  } catch (cause) {
    throw new WhisperError(
      'parser-missing',
      `The Nix parser cannot be loaded: ${cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)}`,
      'Build it in the folder of this package: npm rebuild tree-sitter && npm run install (needs python3, make and a C++ compiler).',
      { cause },
    );
  }
}
