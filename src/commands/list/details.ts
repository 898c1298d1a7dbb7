import { LargeFile } from '../../adapters/fs/large-file.ts';
import { WhisperError } from '../../core/errors.ts';
import { contradiction, identify, IDENTIFY_BYTES } from '../../core/formats/identify.ts';
import { asWarning, headerMismatch } from '../../core/messages/notices.ts';
import { openCatalogue } from '../session/pins.ts';
import type { Context } from '../session/context.ts';
import { keepersOf, type Keeper } from '../why/keepers.ts';
import type { ListedModel, ListResult } from './list.ts';

/** Header descriptions of downloaded models, by file name. Reports each file that contradicts its name. */
async function readHeaders(
  { host, reporter }: Context,
  models: readonly ListedModel[],
): Promise<ReadonlyMap<string, string>> {
  const catalogue = openCatalogue(host);
  const says = new Map<string, string>();
  for (const { name, path } of models) {
    host.signal.throwIfAborted();
    if (path === null) continue;
    try {
      const identity = await LargeFile.use(path, async (file) =>
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

export async function listDetails(
  context: Context,
  { models, others }: ListResult,
): Promise<{
  readonly headers: ReadonlyMap<string, string>;
  readonly keepers: ReadonlyMap<string, readonly Keeper[]>;
}> {
  return { headers: await readHeaders(context, models), keepers: keepersOf(others) };
}
