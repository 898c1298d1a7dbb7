import type { WhisperError } from '../errors.ts';
import { printable } from '../catalogue/names.ts';

/** Why a watch session prunes nothing just now, and what ends that. */

const UNTIL_LIST = 'Nothing is pruned until it is a Nix file with a list again.';

const UNREADABLE = {
  absent: 'is not there. Nothing is pruned until it is.',
  dangling: 'is a dangling link. Nothing is pruned until its target exists.',
  empty: `is empty. ${UNTIL_LIST}`,
  folder: `is a folder now. ${UNTIL_LIST}`,
  'no-file': `is no regular file now. ${UNTIL_LIST}`,
  unreadable: 'cannot be read: check its rights. Nothing is pruned until it can.',
} as const;

/** `content`: what there is in place of a text. */
export function registryHasNoText(file: string, content: keyof typeof UNREADABLE): string {
  return printable(`${file} ${UNREADABLE[content]}`);
}

export function registryStillOpen(file: string): string {
  const until = 'Nothing is pruned until the program that writes it closes it (lsof shows which).';
  return printable(`${file} is still open for writing, so it may be half saved. ${until}`);
}

export function registryBeingSaved(file: string): string {
  return printable(`${file} is being saved again. Nothing is pruned until that is done.`);
}

/** The text says no list, or none that can be told. */
export function listUnreadable({ message, hint, place }: WhisperError): string {
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
  const promise = /nothing/i.test(hint) ? '' : ' Nothing is pruned until then.';
  return printable(`${where}${message}. ${hint}${promise}`);
}

/** `what` git is at; `path`: the file that shows it. */
export function gitInProgress(what: string, path: string): string {
  const step = 'Finish or abort it; whisper prune does not wait for it.';
  return printable(`git is ${what} (${path}): nothing is pruned until that is over. ${step}`);
}

export function modelsDirChanged(path: string): string {
  const step = 'Look at whisper prune --dry-run; then run whisper prune, and start whisper watch again.';
  const what = 'nothing is pruned there before you say so';
  return printable(`The registry names another models directory now, ${path}: ${what}. ${step}`);
}

/** Another process has the lock of the models directory. */
export function modelsDirLocked({ message }: WhisperError): string {
  return `${message}. Nothing is pruned until that is over.`;
}
