import { relative } from 'node:path';
import { printable } from '../../core/catalogue/names.ts';
import { homeFolder, underHome } from '../fs/user-folders.ts';
import type { Host, Output } from '../process/host.ts';
import type { Style } from './style.ts';

/** How results are laid out: for a terminal of some width, or for a pipe without one. */
export interface Display {
  readonly style: Style;
  /** Cells in a line. */
  readonly columns: number;
  readonly glyphs: Glyphs;
  /** A path as the user would write it: relative to the working directory or the home directory if it is inside. */
  readonly path: (path: string) => string;
  /** A sentence with its paths as `path` has them. */
  readonly sentence: (text: string) => string;
}

/** The signs of a terminal. Nothing is shown by a colour alone. */
export type Glyphs = Readonly<typeof UNICODE>;

const UNICODE = {
  active: '●',
  missing: '○',
  unlisted: '×',
  elsewhere: '•',
  ok: '✓',
  warning: '!',
  error: '✗',
  arrow: '→',
  // Marks text that is cut off.
  ellipsis: '…',
  // A bar's cell, from empty to full.
  eighths: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  // In the picker: the row of the cursor, and whether a row is selected.
  focused: '❯',
  chosen: '◼',
  open: '◻',
  dot: '·',
  above: '↑',
  below: '↓',
};

const ASCII: Glyphs = {
  active: '*',
  missing: 'o',
  unlisted: 'x',
  elsewhere: '+',
  ok: 'ok',
  warning: '!',
  error: 'x',
  arrow: '->',
  ellipsis: '~',
  eighths: [' ', ' ', ' ', ' ', '#', '#', '#', '#', '#'],
  focused: '>',
  chosen: '[x]',
  open: '[ ]',
  dot: '-',
  above: '^',
  below: 'v',
};

export function displayFor(host: Pick<Host, 'stdout' | 'environment' | 'cwd'>, style: Style): Display {
  const { stdout, environment } = host;
  return {
    style,
    // A terminal may be resized while the program runs.
    get columns() {
      return columnsOf(stdout);
    },
    glyphs: glyphsFor(environment),
    path: (path) => {
      // Asked for only here: the working directory may have been deleted.
      const inside = relative(host.cwd, path);
      return printable(inside === '' || inside.startsWith('..') ? underHome(environment, path) : inside);
    },
    sentence: (text) => {
      const { cwd } = host;
      const here = cwd === '/' ? text : text.replaceAll(`${cwd}/`, '');
      return printable(here.replaceAll(`${homeFolder(environment)}/`, '~/'));
    },
  };
}

export function glyphsFor(environment: Host['environment']): Glyphs {
  return isUnicode(environment) ? UNICODE : ASCII;
}

/** Cells in a line of a stream; unlimited if it is not a terminal. A terminal with an unknown width reports 0. */
export function columnsOf({ isTTY, columns }: Output): number {
  return isTTY === true ? columns || 80 : Number.POSITIVE_INFINITY;
}

/** Whether a terminal shows more than ASCII, by its POSIX locale: `C` does not, `C.UTF-8` does; most without a locale do. */
export function isUnicode(environment: Host['environment']): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'];
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}

/** A bar of so many cells for a share between 0 and 1; a share above 0 is always visible. */
export function bar(share: number, cells: number, { eighths }: Glyphs): string {
  const filled = share > 0 ? Math.max(1, Math.round(share * cells * 8)) : 0;
  const whole = Math.floor(filled / 8);
  const rest = whole < cells ? (eighths[filled % 8] ?? '') : '';
  return `${(eighths[8] ?? '').repeat(whole)}${rest}`.slice(0, cells).padEnd(cells);
}
