import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const DOCS = join(ROOT, 'docs');

/** The names of the pages in docs. */
export const PAGES: readonly string[] = readdirSync(DOCS).filter((name) => name.endsWith('.md'));

/** The text of a page in docs. */
export function page(name: string): string {
  return readFileSync(join(DOCS, name), 'utf8');
}

/** The text of a file of the project. */
export function source(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every TypeScript file below src, by its path in the project. */
export function sources(): ReadonlyMap<string, string> {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => `src/${name}`);
  return new Map(paths.map((path) => [path, source(path)]));
}

/** The code blocks of a page in one language. */
export function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  );
}

/** The parts of a page below headings of the second level, by what the heading says. */
export function sections(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
}

/** The cells of all table rows of a text; the heads and the lines below them are left out. */
export function rows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const isRow = line.startsWith('|') && !/^\|[ -]*-\|?/.test(line) && !lines[at + 1]?.startsWith('| -');
    return isRow
      ? [
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ]
      : [];
  });
}

/** What stands between backticks. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
