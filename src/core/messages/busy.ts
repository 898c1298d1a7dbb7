import { WhisperError } from '../errors.ts';

/** Somebody else is at work, or ended this process. */

/** Who holds a lock, as it signed; `undefined`: it has not. */
export type Holder = { readonly pid: number; readonly host: string } | undefined;

export function modelsDirBusy(lock: string, holder: Holder): WhisperError {
  const who = holder ? `Process ${holder.pid} on ${holder.host}` : 'Another process';
  return new WhisperError(
    'busy',
    `${who} is at work in the models directory`,
    'Wait for it to end, or wait longer with --wait SECONDS.',
    { details: { lock, ...holder } },
  );
}

const AT_REST = 'Run the command again when the file is at rest.';

export function savedDuringEdit(file: string): WhisperError {
  const message = `${file} was saved by somebody else each time that it was about to be written`;
  return new WhisperError('registry-busy', message, AT_REST);
}

export function openInAnotherProgram(file: string): WhisperError {
  const message = `${file} is open for writing in another program, so it was left alone`;
  return new WhisperError('registry-busy', message, 'Save and close it there, then run the same command again.');
}

/** `error`: says who has the lock that the edit needs. */
export function anotherEditRunning(folder: string, error: WhisperError): WhisperError {
  const { pid, host } = error.details;
  const who = typeof pid === 'number' && typeof host === 'string' ? `Process ${pid} on ${host}` : 'Another process';
  const message = `${who} is editing a file in ${folder}`;
  const hint = 'Run the same command again when it has ended.';
  return new WhisperError('registry-busy', message, hint, { details: error.details, cause: error });
}

/** `path`: where both texts of the edit are, readable only by the user who began it. */
export function interruptedEditOfAnotherUser(path: string): WhisperError {
  return new WhisperError(
    'registry-busy',
    `Another user's edit of a file in this folder was interrupted: ${path}`,
    'Ask that user to run whisper check there to finish the edit.',
    { details: { path } },
  );
}

export function savedDuringEvaluation(file: string): WhisperError {
  return new WhisperError('registry-busy', `${file} was saved by somebody else while it was evaluated`, AT_REST);
}

const GOES_ON = 'Nothing is half done: the same command goes on from what is there.';

export function interrupted(): WhisperError {
  return new WhisperError('interrupted', 'Interrupted', GOES_ON);
}

export function terminated(): WhisperError {
  return new WhisperError('terminated', 'Terminated', GOES_ON);
}
