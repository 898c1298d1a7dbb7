import { WhisperError } from '../errors.ts';
import { printable } from '../catalogue/names.ts';

/** Another process has a lock or a file, or this process was ended. */

/** The holder of a lock, as it is noted in the lock file; `undefined`: it is not noted. */
export type Holder = { readonly pid: number; readonly host: string } | undefined;

/** `named`: a file that is the lock, where there are no kernel locks; it stays where it is unknown whether its process has ended. */
export function modelsDirBusy(lock: string, holder: Holder, named: string | undefined): WhisperError {
  const who = holder ? `Process ${holder.pid} on ${holder.host}` : 'Another process';
  const wait = 'Run the command again when it has finished, or wait longer with --wait SECONDS';
  return new WhisperError(
    'busy',
    `${who} is using the models directory`,
    named === undefined ? wait : `${wait}; if it has ended, remove ${printable(named)}`,
    { details: { lock, ...holder } },
  );
}

const WHEN_CLOSED = 'Run the same command again when no other program is writing to the file';

export function savedDuringEdit(file: string): WhisperError {
  const message = `${file} kept changing while it was being edited, so it was not written`;
  return new WhisperError('registry-busy', message, WHEN_CLOSED);
}

export function openInAnotherProgram(file: string): WhisperError {
  const message = `${file} is open for writing in another program, so it was not changed`;
  return new WhisperError('registry-busy', message, 'Save and close it there, then run the same command again');
}

/** `error`: names the holder of the lock that the edit needs. */
export function anotherEditRunning(folder: string, error: WhisperError): WhisperError {
  const { pid, host } = error.details;
  const who = typeof pid === 'number' && typeof host === 'string' ? `Process ${pid} on ${host}` : 'Another process';
  const message = `${who} is editing a file in ${folder}`;
  const hint = 'Run the same command again when it has finished';
  return new WhisperError('registry-busy', message, hint, { details: error.details, cause: error });
}

/** `path`: the file with both texts of the edit, which only the user who began it can read. */
export function interruptedEditOfAnotherUser(path: string): WhisperError {
  return new WhisperError(
    'registry-busy',
    `Another user's edit of a file in this folder was interrupted: ${path}`,
    'Ask that user to run whisper check there, which finishes the edit',
    { details: { path } },
  );
}

export function savedDuringEvaluation(file: string): WhisperError {
  return new WhisperError('registry-busy', `${file} was changed while Nix evaluated it`, WHEN_CLOSED);
}

/** `folder`: the models directory that the registry names now. */
export function modelsDirReplaced(file: string, folder: string): WhisperError {
  const message = `${file} was changed while the command waited: its models directory is ${folder} now`;
  return new WhisperError('registry-busy', message, 'Run the same command again');
}

const RESUME = 'Run the same command again to resume';

export function interrupted(): WhisperError {
  return new WhisperError('interrupted', 'Interrupted', RESUME);
}

export function terminated(): WhisperError {
  return new WhisperError('terminated', 'Terminated', RESUME);
}
