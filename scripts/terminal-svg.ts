// A terminal's screen as a picture: what `tmux capture-pane -ep` gives, drawn with whatever monospaced font there is. Each run
// of one colour is stretched to the cells that it takes, so that columns stay columns.

interface Cell {
  readonly text: string;
  readonly cells: number;
}

interface Look {
  colour: string | undefined;
  background: string | undefined;
  bold: boolean;
  dim: boolean;
  underline: boolean;
  inverse: boolean;
}

const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 18;
const PADDING = 16;
const BAR_HEIGHT = 32;
const FOREGROUND = '#d5d9e5';
const BACKGROUND = '#1b1e28';
// Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones.
const COLOURS = [
  '#3b4252 #f7768e #8fd16f #e5c07b #7aa2f7 #c099ff #56c8d8 #d5d9e5',
  '#6b7280 #ff8fa3 #a9e38a #f4d692 #9ab8ff #d4b5ff #7adbe8 #ffffff',
].flatMap((line) => line.split(' '));
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const PLAIN: Look = {
  colour: undefined,
  background: undefined,
  bold: false,
  dim: false,
  underline: false,
  inverse: false,
};

/** Draws a screen of so many columns; `widthOf` says how many cells a text takes. */
export function terminalSvg(screen: string, columns: number, title: string, widthOf: (text: string) => number): string {
  const lines = screen.replace(/\n+$/, '').split('\n');
  const width = Math.ceil(columns * CELL_WIDTH + 2 * PADDING);
  const height = Math.ceil(lines.length * LINE_HEIGHT + 2 * PADDING + BAR_HEIGHT);
  const look = { ...PLAIN };
  const body = lines.map((line, row) => drawLine(line, row, look, widthOf)).join('');
  const dots = ['#f7768e', '#e5c07b', '#8fd16f'].map(
    (fill, index) => `<circle cx="${20 + index * 18}" cy="${BAR_HEIGHT / 2 + 2}" r="5.5" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="14">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...dots,
    body,
    '</svg>',
    '',
  ].join('\n');
}

function drawLine(line: string, row: number, look: Look, widthOf: (text: string) => number): string {
  let column = 0;
  let drawn = '';
  // A hyperlink or a title is not drawn.
  for (const part of line.replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '').split(/(\x1b\[[\d;]*m)/)) {
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      applyCodes(look, codes.split(';').map(Number));
      continue;
    }
    for (const cell of runs(part, widthOf)) {
      drawn += drawRun(cell, column, row, look);
      column += cell.cells;
    }
  }
  return drawn;
}

/** Words and the spaces between them; wide characters by themselves, since they are rarely as wide as two others. */
function runs(text: string, widthOf: (text: string) => number): readonly Cell[] {
  const parts = text.match(/ +|[\x21-\x7E]+(?: [\x21-\x7E]+)*|[^\x20-\x7E]/gu) ?? [];
  return parts.map((part) => ({ text: part, cells: widthOf(part) }));
}

function drawRun({ text, cells }: Cell, column: number, row: number, look: Look): string {
  const x = PADDING + column * CELL_WIDTH;
  const top = PADDING + BAR_HEIGHT + row * LINE_HEIGHT;
  const [fill, ground] = look.inverse
    ? [look.background ?? BACKGROUND, look.colour ?? FOREGROUND]
    : [look.colour ?? FOREGROUND, look.background];
  const box =
    ground === undefined
      ? ''
      : `<rect x="${number(x)}" y="${top}" width="${number(cells * CELL_WIDTH)}" height="${LINE_HEIGHT}" fill="${ground}"/>`;
  if (text.trim() === '') return box;
  const style = [
    look.bold ? ' font-weight="bold"' : '',
    look.dim ? ' opacity="0.6"' : '',
    look.underline ? ' text-decoration="underline"' : '',
  ].join('');
  return `${box}<text x="${number(x)}" y="${top + 13.5}" fill="${fill}" textLength="${number(cells * CELL_WIDTH)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${style}>${escaped(text)}</text>\n`;
}

/** Select Graphic Rendition (ECMA-48, 8.3.117), as far as tmux writes it. */
function applyCodes(look: Look, codes: readonly number[]): void {
  const [code = 0, mode, value, ...rest] = codes;
  if (code === 0) Object.assign(look, PLAIN);
  if (code === 1) look.bold = true;
  if (code === 2) look.dim = true;
  if (code === 4) look.underline = true;
  if (code === 7) look.inverse = true;
  if (code === 22) Object.assign(look, { bold: false, dim: false });
  if (code === 24) look.underline = false;
  if (code === 27) look.inverse = false;
  if (code >= 30 && code <= 37) look.colour = COLOURS[code - 30];
  if (code >= 40 && code <= 47) look.background = COLOURS[code - 40];
  if (code >= 90 && code <= 97) look.colour = COLOURS[code - 82];
  if (code === 39) look.colour = undefined;
  if (code === 49) look.background = undefined;
  if ((code === 38 || code === 48) && mode === 5) {
    look[code === 38 ? 'colour' : 'background'] = COLOURS[value ?? 0];
    if (rest.length > 0) applyCodes(look, rest);
    return;
  }
  if (codes.length > 1) applyCodes(look, codes.slice(1));
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
}
