import type { Format, Style } from '../../adapters/terminal/style.ts';
import type { Cell, Column } from '../../adapters/terminal/table.ts';
import type { Offer } from '../../commands/download/choice.ts';
import { RECOMMENDED } from '../../core/catalogue/catalogue.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { facetsOf } from '../../core/catalogue/size-class.ts';
import { formatBytes } from '../../core/quantity.ts';

/** The table of models. A terminal without room for all columns shows those with the highest ranks. */
export const COLUMNS: readonly Column[] = [
  { head: '' },
  { head: 'MODEL', keepsEnd: true },
  { head: 'SIZE', side: 'start', rank: 4 },
  { head: 'LANG', rank: 3 },
  { head: 'QUANT', rank: 2 },
  { head: 'MEMORY', side: 'start', rank: 1 },
  { head: 'STATE' },
];

/** A model in the picker and the menu; what is unknown is empty. */
export interface Row {
  readonly file: string;
  readonly name: string;
  readonly size: string;
  readonly sizeClass: string;
  readonly language: string;
  readonly quantisation: string;
  readonly memory: string;
  readonly state: string;
}

export function rowOf(offer: Offer): Row {
  const { file, size } = offer.entry;
  const { sizeClass = '', language = '', quantisation = '', memory = '' } = facetsOf(file);
  return {
    file,
    name: shortName(file),
    size: size === undefined ? '?' : formatBytes(size),
    sizeClass,
    language,
    quantisation,
    memory,
    state: stateOf(offer),
  };
}

export function cellsOf(mark: Cell, row: Row, style: Style, isFocused = false): readonly Cell[] {
  return [
    mark,
    { text: row.name, paint: (text) => (isFocused ? style('bold', text) : text) },
    { text: row.size },
    ...[row.language, row.quantisation, row.memory].map((fact): Cell => ({
      text: fact,
      paint: (text) => style('dim', text),
    })),
    { text: row.state, paint: (text) => style(formatOf(row.state), text) },
  ];
}

function formatOf(state: string): Format {
  if (state.startsWith('active')) return 'green';
  if (state.startsWith('on disk')) return 'yellow';
  return state.startsWith('(') ? 'cyan' : 'dim';
}

/** Whether each word of the filter is part of the name, or begins a word about the model: `q5 en`, `large turbo`, `disk`. */
export function matches(filter: string, { name, sizeClass, language, quantisation, state }: Row): boolean {
  const about = `${sizeClass} ${language} ${quantisation} ${state}`.split(/[\s,()]+/);
  const typed = filter.toLowerCase().split(/\s+/);
  return typed.every((word) => name.toLowerCase().includes(word) || about.some((each) => each.startsWith(word)));
}

function stateOf({ entry, isActive, isOnDisk, isCommented }: Offer): string {
  const parts = [
    ...(isActive ? ['active'] : []),
    ...(isOnDisk ? ['on disk'] : []),
    ...(isCommented && !isActive ? ['commented out'] : []),
  ].join(', ');
  // A model that the user has is not recommended.
  const isNew = entry.file === RECOMMENDED && !isActive && !isOnDisk;
  return [parts, isNew ? '(recommended)' : ''].filter((text) => text !== '').join(' ');
}
