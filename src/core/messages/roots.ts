import { WhisperError } from '../errors.ts';
import { describeRoot, MISSING_DAYS, type MissingRoot } from '../state/root.ts';
import { printable } from '../catalogue/names.ts';
import { count } from '../quantity.ts';
import { shellValue } from '../shell-value.ts';

/** Other registries of a models directory. `root`: one as it is shown; `file`: its Nix file. */

/** `note`: the state file about the other registry; `cause`: why that registry cannot be read. */
export function unreadableRoot(root: string, file: string, note: string, cause: WhisperError): WhisperError {
  return new WhisperError(
    'root-unreadable',
    `Cannot read another registry that uses these models: ${root}: ${cause.message}`,
    `Fix that registry or, if it no longer uses these models, run ${forgetting(file)}; until then nothing is removed`,
    { cause, place: cause.place, details: { root: file, note } },
  );
}

/** A missing root whose last list is not known; `until`: when it expires, where that is known. */
export function unknownMissingRoot(root: string, file: string, until: Date | undefined): WhisperError {
  const when = until ? `before ${dayOf(until)}` : `for ${MISSING_DAYS} days`;
  return new WhisperError(
    'root-unreadable',
    `Another registry uses these models, but its file is missing and its list was never recorded: ${root}`,
    `Restore that file or, if it no longer uses these models, run ${forgetting(file)}; otherwise nothing is removed ${when}`,
    { details: { root: file, until: until?.toISOString() ?? null } },
  );
}

export function rootMissing({ root, active = [], missingSince, until }: MissingRoot): string {
  const since = missingSince === undefined ? 'is missing' : `has been missing since ${missingSince.slice(0, 10)}`;
  const how = until ? `until ${dayOf(until)}` : `for ${MISSING_DAYS} days after the next prune`;
  const models = `the ${count(active.length, 'model')} it last listed ${active.length === 1 ? 'is' : 'are'} kept`;
  return printable(`${describeRoot(root)} ${since}: ${models} ${how}; to stop that now, run ${forgetting(root.file)}`);
}

export function rootExpired(root: string): string {
  return printable(`${root} has been missing for ${MISSING_DAYS} days: its list is now ignored`);
}

export function rootForgotten(root: string): string {
  return printable(`Forgot ${root}: its list is now ignored`);
}

export function rootNotRecorded(file: string): string {
  return printable(
    `No space left to record that ${file} uses these models: free some space and run whisper sync, or another project may prune them`,
  );
}

/** `--forget-root` does not name a root; `known`: the files of all roots. */
export function unknownRoot(path: string, known: readonly string[]): WhisperError {
  const hint = known.length > 0 ? `Name one of ${known.join(', ')}` : 'No other registry uses these models';
  return new WhisperError('usage', `${path} is not a registry that uses these models`, hint, { details: { known } });
}

/** `--forget-root` names a folder with several. */
export function ambiguousRoot(path: string, files: readonly string[]): WhisperError {
  return new WhisperError(
    'usage',
    `${path} holds ${files.length} registries that use these models`,
    `Name one of ${files.join(', ')}`,
    { details: { known: files } },
  );
}

/** `--forget-root` names a root that can be read. */
export function rootStillReadable(file: string): WhisperError {
  return new WhisperError(
    'usage',
    `${file} can be read, so it cannot be forgotten`,
    'Remove the models from that list, or delete the file, then run the same command again',
  );
}

function forgetting(file: string): string {
  return `whisper prune --forget-root ${shellValue(file)}`;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
