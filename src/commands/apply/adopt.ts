import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { underHome } from '../../adapters/fs/user-folders.ts';
import type { Host } from '../../adapters/process/host.ts';
import { adoptFile } from '../../adapters/store/adopt.ts';
import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { notAdopted } from '../../core/messages/notices.ts';
import type { LocalCopy, Sized } from '../../core/plan/plan.ts';
import type { Context } from '../session/context.ts';
import type { Arrived, Downloaded } from './publish.ts';

/** Adopts a model from the first source with its bytes; `undefined`: none has. Until then a partial file stays. */
export async function adopt(
  { host, reporter }: Context,
  modelsDir: ModelsDir,
  entry: CatalogueEntry,
  sources: readonly LocalCopy[],
): Promise<Arrived | undefined> {
  const { file: name, size, sha256, pinnedBy = 'catalogue' } = entry;
  if (size === undefined || sha256 === undefined) return undefined;
  for (const source of sources) {
    const { path } = source;
    reporter.progress({ name, received: 0, size, phase: 'adopting' });
    const result = await adoptFile(source, modelsDir.partialPath(name), { ...entry, size, sha256 }, host.signal);
    if ('by' in result) {
      faultPoint('adoption: placed');
      reporter.log('info', 'adopted', { name, path, by: result.by });
      const none = { commit: undefined, received: 0, connections: 0 };
      return { ...none, size, sha256, verifiedBy: pinnedBy, url: pathToFileURL(path).href, adoptedFrom: path };
    }
    reporter.notice(notAdopted(name, underHome(host.environment, path), result.unfit));
  }
  return undefined;
}

export interface Adopted extends Sized {
  /** The folder of the copy, as it is shown. */
  readonly from: string;
  readonly verifiedBy: Downloaded['verifiedBy'];
  readonly sha256: string;
}

/** An adopted model; `undefined` if it was fetched. */
export function adoptedOf({ environment }: Host, model: Downloaded): Adopted | undefined {
  const { name, size, sha256, verifiedBy, adoptedFrom } = model;
  if (adoptedFrom === undefined) return undefined;
  return { name, size, sha256, verifiedBy, from: underHome(environment, dirname(adoptedFrom)) };
}
