import type { Host } from '../../adapters/process/host.ts';
import { isFlakeReference } from '../../adapters/registry/open-options.ts';
import { type ErrorCode, WhisperError } from '../../core/errors.ts';
import { parseFlakeReference } from '../../core/evaluation/target.ts';
import { invalidAttrVariable, withAttrVariable } from '../../core/messages/environment.ts';
import { isAttr } from '../../core/registry/search/attr.ts';
import type { CommonOptions } from './context.ts';

/** Which binding or flake output holds the list: `--attr`, else `WHISPER_ATTR`; throws a usage error where that is not valid. */
export function givenAttr({ environment }: Pick<Host, 'environment'>, { attr }: CommonOptions): string | undefined {
  const variable = environment['WHISPER_ATTR'];
  if (attr !== undefined || variable === undefined || variable === '') return attr;
  if (isAttr(variable) || parseFlakeReference(variable)) return variable;
  throw invalidAttrVariable(variable);
}

/** Opens a registry; an error that is about the attribute says that it is from the variable. */
export async function namingAttrVariable<T>(
  { host }: { readonly host: Pick<Host, 'environment'> },
  options: CommonOptions,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const attr = options.attr === undefined ? givenAttr(host, options) : undefined;
    if (attr === undefined || !(error instanceof WhisperError)) throw error;
    const isAbout =
      ABOUT_LISTS.has(error.code) &&
      (error.message.includes(attr) || (error.code === 'registry-eval' && isFlakeReference(attr)));
    throw isAbout ? withAttrVariable(error, attr) : error;
  }
}

/** Any other error, such as a syntax error, may contain a short attribute by chance. */
const ABOUT_LISTS: ReadonlySet<ErrorCode> = new Set([
  'registry-no-list',
  'registry-ambiguous',
  'registry-computed',
  'registry-eval',
]);
