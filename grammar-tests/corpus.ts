import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FlatNode } from '../src/core/registry/flat-tree.ts';

/** One construct of the language, in its own file in tree-sitter's corpus format. */
export interface Construct {
  /** `ok/…`: Nix accepts it; `err/…`: Nix refuses it. */
  readonly name: string;
  readonly source: string;
  /** The expected tree on one line, as tree-sitter prints it. */
  readonly tree: string;
}

/** The directory of the sources, because the compiled tests are elsewhere. */
export const FOLDER = resolve(import.meta.dirname, '../../grammar-tests');

// Header, source, divider, tree. The line ending before the divider is not part of the source.
const FORMAT = /^(?<head>={3,}\n[^\n]+\n={3,}\n(?<source>[^]*)\n-{3,}\n)(?<tree>[^]*)$/;

/** All constructs, by name. */
export function readCorpus(): readonly Construct[] {
  return ['ok', 'err'].flatMap((folder) =>
    readdirSync(join(FOLDER, folder))
      .toSorted()
      .map((file): Construct => {
        const name = `${folder}/${file.replace(/\.txt$/, '')}`;
        const { source, tree } = split(name);
        return { name, source, tree: onOneLine(tree) };
      }),
  );
}

/** Replaces the expected tree in the file of a construct. */
export function writeTree(name: string, tree: string): void {
  writeFileSync(pathOf(name), `${split(name).head}\n${indent(tree)}\n`);
}

/** A tree in the corpus format, with fields, missing tokens, and the first character of errors without a node inside. */
export function treeOf(node: FlatNode, source: string): string {
  const { type, isNamed, isMissing, isError, children, startIndex } = node;
  if (isMissing) return `(MISSING ${isNamed ? type : `"${type}"`})`;
  if (isError && children.length === 0) return `(UNEXPECTED ${quoted(source.codePointAt(startIndex) ?? 0)})`;
  const parts = children
    .filter((child) => child.isNamed || child.isMissing)
    .map((child) => `${child.field === undefined ? '' : `${child.field}: `}${treeOf(child, source)}`);
  return `(${[type, ...parts].join(' ')})`;
}

/** A character, or its number where it is not printable ASCII. */
function quoted(code: number): string {
  return code >= 0x20 && code < 0x7f ? `'${String.fromCodePoint(code)}'` : String(code);
}

function split(name: string): { readonly head: string; readonly source: string; readonly tree: string } {
  const { head, source, tree } = FORMAT.exec(readFileSync(pathOf(name), 'utf8'))?.groups ?? {};
  if (head === undefined || source === undefined || tree === undefined) {
    throw new Error(`${pathOf(name)} is not in tree-sitter's corpus format`);
  }
  return { head, source, tree };
}

function pathOf(name: string): string {
  return join(FOLDER, `${name}.txt`);
}

function onOneLine(tree: string): string {
  return tree.trim().replace(/\s+/g, ' ').replaceAll(' )', ')');
}

// A missing or unexpected token may be a parenthesis, which does not count.
const TOKENS = /(?:\w+: )?\((?:MISSING (?:\w+|".*?")\)|UNEXPECTED (?:\d+|'.*?')\)|\w+)|\)/g;

/** Puts each node on its own line, for readable diffs. */
function indent(tree: string): string {
  let depth = 0;
  return Array.from(tree.matchAll(TOKENS), ({ 0: token }) => {
    if (token === ')') {
      depth -= 1;
      return token;
    }
    const line = `\n${'  '.repeat(depth)}${token}`;
    if (!token.endsWith(')')) depth += 1;
    return line;
  })
    .join('')
    .trimStart();
}
