import { addressIsPage, addressWithCredentials, invalidAddress, nameNeeded } from '../messages/addresses.ts';
import { hubFileOf, isHubAddress, originOfUrl, readShortForm } from './address.ts';
import { fileName, isModelFile } from './names.ts';
import type { CatalogueEntry } from './entries.ts';
import type { Origin } from './origin.ts';

/** Whether an operand is an address or a path in a repository, rather than the name of a model, for which some type a repository. */
export function isAddress(operand: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/|[\w-][\w.-]*\/[\w.-]+\/.)/i.test(operand);
}

/**
 * The model at an address that the user has typed or copied from a browser. `as`: its name, short or full; without one, that of
 * the file. Throws `usage` (exit 2) where the address is not that of a file, or no name can be taken from it.
 */
export function readAddress(given: string, as: string | undefined, endpoint: URL): CatalogueEntry {
  const origin = originAt(given, endpoint);
  const own = decodedName(origin);
  if (as === undefined && !isModelFile(own)) throw nameNeeded(given, proposedName(origin));
  const file = as === undefined ? own : fileName(as);
  if (file === undefined) throw nameNeeded(given, proposedName(origin), as);
  return { ...origin, file };
}

function originAt(given: string, endpoint: URL): Origin {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(given)) {
    const file = readShortForm(given);
    if (file) return file;
    throw invalidAddress(given);
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') throw invalidAddress(given);
  if (url.username !== '' || url.password !== '') throw addressWithCredentials(url.host);
  if (isHubAddress(url, endpoint) && !hubFileOf(url, endpoint)) throw addressIsPage(given);
  return originOfUrl(url, endpoint);
}

function decodedName(origin: Origin): string {
  const last = (origin.url === undefined ? (origin.path ?? '') : new URL(origin.url).pathname).split('/').at(-1) ?? '';
  try {
    return origin.url === undefined ? last : decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** A short name that says which model it is: of the file, or of its repository where the file has the same name as others. */
function proposedName(origin: Origin): string {
  const stem = decodedName(origin)
    .replace(/\.(bin|ggml)$/i, '')
    .replace(/^ggml-/, '');
  const repository = origin.repo
    ?.split('/')
    .at(-1)
    ?.replace(/[-_](ggml|whisper\.?cpp|GGUF)$/i, '');
  const isGeneric = /^(model|ggml|pytorch_model|weights|download|)$/i.test(stem);
  const name = (isGeneric && repository !== undefined ? repository : stem).replace(/[^A-Za-z0-9._-]+/g, '-');
  const trimmed = name.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return fileName(trimmed) === undefined ? 'my-model' : trimmed;
}
