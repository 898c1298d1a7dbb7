import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { LimitExceeded } from '../../core/nix/problems.ts';
import { type FlatNode, type GrammarNames, rootOf, WORDS_PER_NODE } from '../../core/registry/flat-tree.ts';

/** What wasm/nix-parser.c exports. Addresses are in bytes, lengths in UTF-16 code units. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  allocate(length: number): number;
  parse(text: number, length: number): number;
  nodes(): number;
  release(): void;
  symbol_name(symbol: number): number;
  field_name(field: number): number;
}

/** Returned in place of a number of nodes, or of an address. */
const NO_MEMORY = 0;
const TOO_DEEP = -1;

/** The memory of an instance only grows, so one with more bytes is not used again. */
const MAX_KEPT = 4 * 1024 * 1024;

/** So many texts are parsed without V8's optimizer, if they are short: it takes longer than a short command runs. */
const QUICK_PARSES = 4;
const SHORT = 64 * 1024;

/** How many texts were parsed without the optimizer; `Infinity` once it is used. */
let parses = 0;
let compiled: WebAssembly.Module | undefined;
let kept: Exports | undefined;

/**
 * Parses a text with tree-sitter and its Nix grammar. Offsets are UTF-16 code units. Throws `LimitExceeded` where the tree is too
 * deep, or too large for the memory.
 */
export function parseNix(text: string): FlatNode {
  if (parses < QUICK_PARSES && text.length < SHORT) {
    parses += 1;
    return rootOf(
      withoutOptimizer(() => parse(text)),
      NAMES,
    );
  }
  // V8 never optimizes a module that was compiled without its optimizer.
  if (parses !== Infinity) compiled = kept = undefined;
  parses = Infinity;
  return rootOf(parse(text), NAMES);
}

function parse(text: string): Uint32Array {
  const parser = kept ?? instantiate();
  // After a trap, the instance is not used again.
  kept = undefined;
  const words = parseWith(parser, text);
  if (parser.memory.buffer.byteLength <= MAX_KEPT) kept = parser;
  return words;
}

function parseWith(parser: Exports, text: string): Uint32Array {
  try {
    const address = parser.allocate(text.length);
    if (address === NO_MEMORY) throw new LimitExceeded('work');
    Buffer.from(parser.memory.buffer, address).write(text, 'utf16le');
    const count = parser.parse(address, text.length);
    if (count === NO_MEMORY) throw new LimitExceeded('work');
    if (count === TOO_DEEP) throw new LimitExceeded('depth');
    const words = new Uint32Array(parser.memory.buffer, parser.nodes(), count * WORDS_PER_NODE).slice();
    parser.release();
    return words;
  } catch (error) {
    throw error instanceof WebAssembly.RuntimeError ? new LimitExceeded('work') : error;
  }
}

function instantiate(): Exports {
  compiled ??= new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('#nix-parser')));
  return new WebAssembly.Instance(compiled).exports as Exports;
}

/**
 * Works while V8 compiles WebAssembly without its optimizer, which runs in the background: a process that ends in the meantime waits for
 * it, for 45 ms. The flags are set back because V8 accepts a code cache only from a process with the same flags.
 */
function withoutOptimizer<T>(work: () => T): T {
  setFlagsFromString('--no-wasm-tier-up --no-wasm-dynamic-tiering');
  try {
    return work();
  } finally {
    setFlagsFromString('--wasm-tier-up --wasm-dynamic-tiering');
  }
}

const NAMES: GrammarNames = {
  symbol: remembered((parser, symbol) => parser.symbol_name(symbol)),
  field: remembered((parser, field) => parser.field_name(field)),
};

/** Names that are read from the module once: `addressOf` returns where one is, and a NUL ends it. */
function remembered(addressOf: (parser: Exports, number: number) => number): (number: number) => string {
  const names = new Map<number, string>();
  return (number) => {
    let name = names.get(number);
    if (name === undefined) {
      kept ??= instantiate();
      const bytes = Buffer.from(kept.memory.buffer, addressOf(kept, number));
      name = bytes.toString('latin1', 0, bytes.indexOf(0));
      names.set(number, name);
    }
    return name;
  };
}
