import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { isUnchanged } from '../../adapters/fs/identity.ts';
import { hashFile } from '../../adapters/hash/hash-file.ts';
import { fileStamp } from '../../adapters/store/scan.ts';
import { publishedEntry } from '../../core/catalogue/catalogue.ts';
import { WhisperError } from '../../core/errors.ts';
import { hashingUnverified } from '../../core/messages/notices.ts';
import { withHashes } from '../../core/plan/managed.ts';
import type { ModelFile, Plan } from '../../core/plan/plan.ts';
import type { HashedFile } from '../../core/state/record.ts';
import { mapConcurrently } from '../session/map-concurrently.ts';
import { whileHashing } from '../apply/concurrency.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import type { Planned } from './plan.ts';

export type Hashes = ReadonlyMap<string, HashedFile>;

// Files that are hashed at the same time: one is read while the other is hashed.
const AT_ONCE = 2;

/**
 * Hashes the files that a plan would prune if they have the catalogue's bytes. Writes nothing, and is not to be called under
 * the lock of the models directory, because it takes seconds per GiB. A file that cannot be read, or that changes in the
 * meantime, is left out: then it stays.
 */
export async function hashUnverified(
  context: Context,
  { modelsDir }: Pick<Session, 'modelsDir'>,
  { unverified }: Pick<Plan, 'unverified'>,
): Promise<Hashes> {
  const hashes = new Map<string, HashedFile>();
  if (unverified.length === 0) return hashes;
  context.reporter.announce(hashingUnverified(unverified));
  const results = await whileHashing(context, unverified, () =>
    mapConcurrently(
      unverified,
      () => 1,
      AT_ONCE,
      async (file) => hashStable(context, modelsDir.modelPath(file.name), { ...file, isLink: false }),
    ),
  );
  for (const [index, result] of results.entries()) {
    const { name } = unverified[index] ?? { name: '' };
    if ('value' in result) {
      if (result.value) hashes.set(name, result.value);
    } else if (result.error instanceof WhisperError)
      context.reporter.log('info', 'not hashed', { name, reason: result.error.message });
    else throw result.error;
  }
  faultPoint('prune: files hashed');
  return hashes;
}

/**
 * Records hashes, so that a file that stays is not hashed again. To be called under the lock of the models
 * directory, after pruning by `planned`. A disk that takes no notes is not a reason to fail.
 */
export function rememberHashes(
  { reporter }: Context,
  { modelsDir, catalogue }: Session,
  { actual, plan }: Planned,
  hashes: Hashes,
  isMoved: boolean,
): void {
  const removed = new Set(isMoved ? [] : plan.prune.map(({ name }) => name));
  try {
    for (const file of withHashes(actual, hashes).files) {
      if (!file.hashed || !hashes.has(file.name) || removed.has(file.name)) continue;
      const { sha256 } = file.hashed;
      const published = publishedEntry(catalogue, file.name);
      if (published?.sha256 === sha256) modelsDir.records.writeVerified(file, { ...published, sha256 });
      else modelsDir.records.writeOther(file, sha256);
      faultPoint('prune: hash noted');
    }
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    reporter.log('info', 'no record written', { reason: error.message });
  }
}

interface StableHash extends HashedFile {
  readonly found: BigIntStats;
}

/** Hashes a file that does not change in the meantime; `undefined` where it changes again and again. */
export async function hashStable(
  { host, reporter }: Context,
  path: string,
  { name, size, isLink }: Pick<ModelFile, 'name' | 'size' | 'isLink'>,
): Promise<StableHash | undefined> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const found = await statIfPresent(path);
    let done = 0;
    const onBytes = (bytes: number): void => reporter.progress({ name, received: (done += bytes), size });
    const sha256 = await hashFile(path, isLink, host.signal, onBytes);
    reporter.progress({ name, received: size, size, phase: 'done' });
    if (found && isUnchanged(found, await statIfPresent(path))) return { ...fileStamp(found), sha256, found };
  }
  return undefined;
}

async function statIfPresent(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}
