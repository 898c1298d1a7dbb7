/** The few requests of man(7) that the page is made of. */

/** What troff would take for something else, or what turns into a typographic sign. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\(rs`,
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
  // Three dots are known to every terminal.
  '…': '...',
};

/** A text of which each character stands for itself, wherever in a line it is put. */
export function plain(text: string): string {
  const escaped = text.replaceAll(/[\\'`^~…-]|[^\x20-\x7e]/gu, (char) => ESCAPES[char] ?? codePoint(char));
  return escaped.startsWith('.') ? String.raw`\&${escaped}` : escaped;
}

export function bold(text: string): string {
  return String.raw`\fB${plain(text)}\fR`;
}

/** The name of a value, as in `--file REGISTRY`. */
export function italic(text: string): string {
  return String.raw`\fI${plain(text)}\fR`;
}

export function section(name: string, ...content: readonly string[]): string {
  return [`.SH ${name}`, ...content].join('\n');
}

export function subsection(name: string, ...content: readonly string[]): string {
  return [`.SS ${name}`, ...content].join('\n');
}

/** A term and, indented, what it means. Both are escaped already. */
export function entry(term: string, ...meaning: readonly string[]): string {
  return ['.TP', term, meaning.join('\n.br\n')].join('\n');
}

/** Lines that stay as they are. */
export function literal(...lines: readonly string[]): string {
  return ['.RS 4', '.nf', ...lines, '.fi', '.RE'].join('\n');
}

function codePoint(char: string): string {
  const code = char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return String.raw`\[u${code}]`;
}
