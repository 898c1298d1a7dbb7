import { printable, shortName } from '../catalogue/names.ts';
import { WhisperError } from '../errors.ts';

/** Addresses of models on the command line. */

const FORMS = 'Use the https URL of a file, or OWNER/REPO/PATH of a file on the hub';

export function invalidAddress(given: string): WhisperError {
  return new WhisperError('usage', `${printable(given)} is not the URL of a model file`, FORMS);
}

/** A page of a repository, not one of its files. */
export function addressIsPage(given: string): WhisperError {
  const message = `${printable(given)} is a page of the hub, not a file`;
  return new WhisperError('usage', message, 'Open the file in its list of files and copy that URL');
}

/** The user name and the password are not repeated. */
export function addressWithCredentials(host: string): WhisperError {
  return new WhisperError(
    'usage',
    `The URL at ${printable(host)} contains a user name or a password, which would be written into the Nix file`,
    'Remove it, and for a private file of the hub set HF_TOKEN',
  );
}

/** `proposed`: a short name. `refused`: the name that the user gave. */
export function nameNeeded(given: string, proposed: string, refused?: string): WhisperError {
  const message =
    refused === undefined
      ? `The file at ${printable(given)} does not have a name like ggml-NAME.bin, so the model needs one`
      : `"${printable(refused)}" is not a model name`;
  return new WhisperError('usage', message, `Add a name, like --as ${proposed}`, { details: { proposed } });
}

export function nameWithoutAddress(): WhisperError {
  return new WhisperError(
    'usage',
    '--as needs exactly one URL, and no other model',
    'Give one URL or OWNER/REPO/PATH with --as',
  );
}

/** `where`: what has the name already. */
export function nameTaken(file: string, where: string): WhisperError {
  const message = `The name ${shortName(file)} is taken by another model, in ${where}`;
  return new WhisperError('usage', message, 'Choose another name with --as', { details: { file } });
}

export function twoAddressesForName(file: string): WhisperError {
  const message = `Two URLs have the same model name, ${shortName(file)}`;
  return new WhisperError('usage', message, 'Download them separately, each with its own --as');
}

export function offlineAddress(given: string): WhisperError {
  const message = `HF_HUB_OFFLINE is set, so ${printable(given)} cannot be looked up`;
  return new WhisperError(
    'hub-offline',
    message,
    'Unset HF_HUB_OFFLINE, or write the source into modelSources by hand',
  );
}
