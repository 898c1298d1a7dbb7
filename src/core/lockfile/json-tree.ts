/**
 * JSON with its source. `JSON.parse` loses what a program has no word for: digits of large numbers, names that are there
 * twice, how a string was escaped. Here each of them keeps the characters that it was written with.
 */
export type JsonNode = JsonScalar | JsonList | JsonObject;

export interface JsonScalar {
  readonly kind: 'scalar';
  /** Where it begins in the text that it was read from. */
  readonly start: number;
  readonly source: string;
}

export interface JsonList {
  readonly kind: 'list';
  readonly start: number;
  readonly items: readonly JsonNode[];
}

export interface JsonObject {
  readonly kind: 'object';
  readonly start: number;
  /** In their order; a name may be there twice. */
  readonly members: readonly JsonMember[];
}

export interface JsonMember {
  readonly name: string;
  /** The name as it is written, in its quotes. */
  readonly source: string;
  readonly value: JsonNode;
}

/** Nobody's file is so deep, and a person could not mend it. */
const DEEPEST = 100;

/** Reads a text; throws a `SyntaxError` where it is no JSON, or nested too deeply. */
export function parseJsonTree(text: string): JsonNode {
  // It knows what JSON is; what follows only has to find where each value begins and ends.
  JSON.parse(text);
  return new TreeReader(text).value(0);
}

/** The tree of a value that JSON can hold. */
export function jsonTreeOf(value: unknown): JsonNode {
  return parseJsonTree(JSON.stringify(value));
}

/** Writes a tree with two spaces for each level, as `JSON.stringify` lays it out. */
export function printJsonTree(node: JsonNode, indent = ''): string {
  if (node.kind === 'scalar') return node.source;
  const inner = `${indent}  `;
  const [open, close] = node.kind === 'list' ? '[]' : '{}';
  const parts =
    node.kind === 'list'
      ? node.items.map((item) => printJsonTree(item, inner))
      : node.members.map(({ source, value }) => `${source}: ${printJsonTree(value, inner)}`);
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

/** The last member of a name, which is the one that `JSON.parse` takes. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.findLast((member) => member.name === name)?.value : undefined;
}

/** Reads a text that is known to be JSON. */
class TreeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    if (depth > DEEPEST) throw new SyntaxError(`it is nested more than ${DEEPEST} levels deep`);
    const char = this.#peek();
    const start = this.#at;
    if (char === '[') {
      const items: JsonNode[] = [];
      this.#each(']', () => items.push(this.value(depth + 1)));
      return { kind: 'list', start, items };
    }
    if (char === '{') {
      const members: JsonMember[] = [];
      this.#each('}', () => members.push(this.#member(depth)));
      return { kind: 'object', start, members };
    }
    return { kind: 'scalar', start, source: this.#scalar() };
  }

  #member(depth: number): JsonMember {
    this.#peek();
    const source = this.#scalar();
    this.#peek();
    this.#at += 1;
    return { name: JSON.parse(source) as string, source, value: this.value(depth + 1) };
  }

  /** Goes over what is between brackets, with a comma after each but the last. */
  #each(close: string, read: () => void): void {
    this.#at += 1;
    while (this.#peek() !== close) {
      if (this.#peek() === ',') this.#at += 1;
      read();
    }
    this.#at += 1;
  }

  #scalar(): string {
    const start = this.#at;
    if (this.#text[start] === '"') {
      this.#at += 1;
      while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
      this.#at += 1;
    } else {
      while (/[^\s,\]}]/.test(this.#text[this.#at] ?? ' ')) this.#at += 1;
    }
    return this.#text.slice(start, this.#at);
  }

  /** The next character that is no space. */
  #peek(): string | undefined {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#text[this.#at];
  }
}
