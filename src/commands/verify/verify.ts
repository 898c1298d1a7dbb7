import { withDirectoryLock } from '../../adapters/lock/flock.ts';
import { LargeFile } from '../../adapters/fs/large-file.ts';
import { publishedEntry } from '../../core/catalogue/catalogue.ts';
import { WhisperError } from '../../core/errors.ts';
import { identify, IDENTIFY_BYTES, type Identity } from '../../core/formats/identify.ts';
import { expectedOf } from '../../core/plan/managed.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { mapConcurrently, valuesOf } from '../session/map-concurrently.ts';
import { whileHashing } from '../apply/concurrency.ts';
import { openPurged } from '../apply/open-purged.ts';
import { hashStable } from '../plan/hash-unverified.ts';
import { meantModel } from '../session/known-models.ts';
import { warnOfOverride } from '../session/override.ts';
import type { Context } from '../session/context.ts';
import { lockSettings, type Session } from '../session/session.ts';
import { repair, type VerifyOptions, type Inspected } from './repair.ts';

export interface VerifyResult {
  readonly models: readonly Inspected[];
  readonly repaired: readonly string[];
}

// Files that are hashed at the same time: one is read while the other is hashed.
const AT_ONCE = 2;

/** Hashes files and compares them with what pins them. Without `repair`, no network. */
export async function verify(context: Context, options: VerifyOptions): Promise<VerifyResult> {
  const session = await openPurged(context, options);
  if (options.repair) warnOfOverride(context, options, session);
  const files = new Map((await session.modelsDir.scan()).files.map((file) => [file.name, file]));
  const active = session.active.map(({ name }) => name);
  const given = options.models.map((model) => meantModel(model, session, [...files.values()]));
  const names = given.length > 0 ? new Set(given) : new Set([...active, ...[...files.keys()].toSorted()]);
  const outcomes = await whileHashing(
    context,
    [...names].flatMap((name) => files.get(name) ?? []),
    () =>
      mapConcurrently(
        [...names],
        () => 1,
        AT_ONCE,
        (name) => inspect(context, session, name, files.get(name)),
      ),
  );
  const models = valuesOf(outcomes);
  await writeRecords(context, session, options, models);
  if (!options.repair) return { models, repaired: [] };
  const repaired = await repair(context, session, options, models);
  const after = models.map((model): Inspected => {
    if (!repaired.includes(model.name)) return model;
    return { ...model, status: 'ok', actual: model.expected, identity: undefined };
  });
  return { models: after, repaired };
}

async function inspect(
  context: Context,
  { active, catalogue, modelsDir }: Session,
  name: string,
  file: ModelFile | undefined,
): Promise<Inspected> {
  const expected = expectedOf(name, file, catalogue)?.sha256 ?? null;
  const isActive = active.some((entry) => entry.name === name);
  const rest = { actual: null, identity: undefined, found: undefined, isChanging: false };
  const base = { name, expected, file, isActive, ...rest };
  if (!file) return { ...base, status: 'missing' };
  const path = modelsDir.modelPath(name);
  const settled = await hashStable(context, path, file);
  if (!settled) return { ...base, status: 'unknown', isChanging: true };
  const { sha256: actual, found } = settled;
  const status = expected === null ? 'unknown' : actual === expected ? 'ok' : 'corrupt';
  const identity = status === 'corrupt' ? await identifyAt(path, catalogue) : undefined;
  return { ...base, status, actual, identity, found };
}

async function identifyAt(path: string, catalogue: Session['catalogue']): Promise<Identity> {
  return LargeFile.use(path, async (file) => identify(await file.beginning(IDENTIFY_BYTES), file.size, catalogue));
}

/**
 * Records the hashes: prune removes only what is valid. A lock file alone does not mean that bytes can be downloaded again.
 * A directory that cannot be written is not an error here.
 */
async function writeRecords(
  context: Context,
  { modelsDir, catalogue }: Session,
  { wait }: VerifyOptions,
  models: readonly Inspected[],
): Promise<void> {
  const hashed = models.filter(({ actual, file }) => actual !== null && file?.isLink === false);
  if (hashed.length === 0) return;
  try {
    await withDirectoryLock(modelsDir.lockPath, lockSettings(context, wait), async () => {
      for (const { name, file, actual } of hashed) {
        if (!file || actual === null) continue;
        const origin = [file.record, publishedEntry(catalogue, name)].find((each) => each?.sha256 === actual);
        if (origin) modelsDir.records.writeVerified(file, { ...origin, sha256: actual });
        else modelsDir.records.writeOther(file, actual);
      }
    });
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.reporter.log('info', 'no record written', { reason: error.message });
  }
}
