import { placeText, type WhisperError } from '../errors.ts';
import { printable } from '../catalogue/names.ts';
import { asWarning } from './notices.ts';

/** Why a watch session pauses, and what ends the pause. */

const UNTIL_LIST = 'nothing is pruned until it is a Nix file with a list again';

const UNREADABLE = {
  absent: 'does not exist; nothing is pruned until it does',
  dangling: 'is a dangling link; nothing is pruned until its target exists',
  empty: `is empty; ${UNTIL_LIST}`,
  folder: `is a directory; ${UNTIL_LIST}`,
  'no-file': `is not a regular file; ${UNTIL_LIST}`,
  unreadable: 'cannot be read: check its permissions; nothing is pruned until it can be read',
} as const;

/** `content`: what the path holds instead of text. */
export function registryHasNoText(file: string, content: keyof typeof UNREADABLE): string {
  return printable(`${file} ${UNREADABLE[content]}`);
}

export function registryStillOpen(file: string): string {
  const until = 'nothing is pruned until that program closes it (lsof shows which)';
  return printable(`${file} is still open for writing in another program; ${until}`);
}

export function registryBeingSaved(file: string): string {
  return printable(`${file} is being saved again; nothing is pruned until then`);
}

export function listUnreadable(error: WhisperError): string {
  const { place } = error;
  const where = place ? `${placeText(place)}: ` : '';
  const promise = /nothing/i.test(error.hint) ? '' : '; until then nothing is pruned';
  return printable(`${where}${asWarning(error)}${promise}`);
}

/** `what`: git's operation; `path`: the file that shows it. */
export function gitInProgress(what: string, path: string): string {
  const step = 'or run whisper prune, which does not wait';
  return printable(`git is ${what} (${path}); nothing is pruned until you finish or abort it, ${step}`);
}

export function modelsDirChanged(path: string): string {
  const step = 'check with whisper prune --dry-run, run whisper prune, then restart whisper watch';
  const what = 'nothing is pruned there yet';
  return printable(`The models directory in the registry changed to ${path}, and ${what}: ${step}`);
}

export function modelsDirLocked({ message }: WhisperError): string {
  return `${message}; nothing is pruned until it has finished`;
}
