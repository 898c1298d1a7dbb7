import { AnyFile } from '../adapters/fs/read.ts';
import { WhisperError } from '../core/errors.ts';
import { asWarning, headerMismatch } from '../core/messages/notices.ts';
import { contradiction, identify, IDENTIFY_BYTES } from '../core/formats/identify.ts';
import type { ListedModel } from './list.ts';
import { openCatalogue } from './session/pins.ts';
import { type Context } from './session/session.ts';

/**
 * What the headers of the downloaded models say, in a few words by file name. Gives notice of each file that cannot be what its
 * name says.
 */
export async function readHeaders(
  { host, reporter }: Context,
  models: readonly ListedModel[],
): Promise<ReadonlyMap<string, string>> {
  const catalogue = openCatalogue(host);
  const says = new Map<string, string>();
  for (const { name, path } of models) {
    host.signal.throwIfAborted();
    if (path === null) continue;
    try {
      const identity = await AnyFile.use(path, async (file) =>
        identify(await file.beginning(IDENTIFY_BYTES), file.size, catalogue),
      );
      says.set(name, identity.traits.join(', '));
      const reason = contradiction(name, identity, catalogue);
      if (reason === undefined) continue;
      reporter.notice(headerMismatch(name, reason, path, catalogue.has(name)));
    } catch (error) {
      if (!(error instanceof WhisperError)) throw error;
      reporter.notice(asWarning(error));
    }
  }
  return says;
}
