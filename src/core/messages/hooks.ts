import { WhisperError } from '../errors.ts';

/** Save triggers that cannot be printed or put in their place. */

export function unknownHook(given: string, names: readonly string[], suggestion: string | undefined): WhisperError {
  const hint = suggestion === undefined ? `Those there are: ${names.join(', ')}.` : `Did you mean ${suggestion}?`;
  return new WhisperError('usage', `There is no hook for ${given}`, hint);
}

/** `--install` for an editor: where its settings lie is the person's own business. */
export function hookOfPerson(editor: string): WhisperError {
  const hint = `whisper hook ${editor} prints what to paste, and where.`;
  return new WhisperError('usage', `There is no --install for ${editor}: its settings are your own file`, hint);
}

export function noRepository(cwd: string): WhisperError {
  const hint = 'Run it in the repository, or git init first.';
  return new WhisperError('usage', `${cwd} is in no git repository`, hint);
}

/** What git runs for every repository of a person is not one repository's to change. */
export function sharedHook(path: string, editor: string): WhisperError {
  const hint = `Paste it there yourself if all of them are to have it: whisper hook ${editor} prints what to add.`;
  return leftAlone(path, 'it belongs to other repositories too', hint);
}

/** A file that holds something with which the hook does not go together. */
export function hookRefused(path: string, reason: string, editor: string): WhisperError {
  return leftAlone(path, reason, `Put it there yourself: whisper hook ${editor} prints what to add.`);
}

function leftAlone(path: string, reason: string, hint: string): WhisperError {
  return new WhisperError('registry-edit-refused', `${path} was left alone: ${reason}`, hint, { details: { path } });
}
