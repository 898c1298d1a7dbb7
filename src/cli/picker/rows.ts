import type { Offer } from '../../commands/download/choice.ts';
import { RECOMMENDED } from '../../core/catalogue/catalogue.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { facetsOf } from '../../core/catalogue/size-class.ts';
import { formatBytes } from '../../core/quantity.ts';

/** A model as people see it where they choose; what is not known of it is empty. */
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

/** Whether each word that was typed is part of the name, or begins a word about the model: `q5 en`, `large turbo`, `disk`. */
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
  // Nothing needs to be recommended to who has it.
  const isNew = entry.file === RECOMMENDED && !isActive && !isOnDisk;
  return [parts, isNew ? '(recommended)' : ''].filter((text) => text !== '').join(' ');
}
