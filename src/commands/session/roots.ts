import { type BigIntStats, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isSameFile } from '../../adapters/fs/identity.ts';
import { isFlakeReference, type OpenOptions } from '../../adapters/registry/open-options.ts';
import { openRegistry } from '../../adapters/registry/open-registry.ts';
import { isRootMissing } from '../../adapters/store/roots.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import { isModelFile, modelNames } from '../../core/catalogue/names.ts';
import { WhisperError } from '../../core/errors.ts';
import { unknownMissingRoot, unreadableRoot } from '../../core/messages/roots.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { type Registry, withModelNames } from '../../core/registry/registry.ts';
import {
  describeRoot,
  missingRoot,
  type MissingRoot,
  type Root,
  rootKey,
  type RootNote,
} from '../../core/state/root.ts';
import type { Context } from './context.ts';
import { type Declaring, openPins } from './pins.ts';
import { mapConcurrently, valuesOf } from './map-concurrently.ts';
import type { Session } from './session.ts';

/** The other registries with the same models directory, as they are now. */
export interface Others {
  readonly lists: readonly { readonly root: Root; readonly registry: Registry }[];
  /** Those whose file is missing; their last list counts. */
  readonly missing: readonly MissingRoot[];
  /** Roots that no longer keep models. */
  readonly gone: readonly GoneRoot[];
  /** Paths of notes that cannot be read. */
  readonly damaged: readonly string[];
}

/** `why`: its file has been missing for 14 days, or the user forgot it. */
interface GoneRoot {
  readonly root: Root;
  readonly why: 'missing' | 'forgotten';
}

// Registries that are read at the same time: where Nix evaluates them, each takes a process.
const AT_ONCE = 4;

export type Own = Pick<Session, 'registry' | 'open' | 'modelsDir'>;

export interface ReadOthersOptions {
  readonly forgotten?: ReadonlySet<string>;
  /** Whether a root that is missing may be noted as such, where pruning is refused because of it. */
  readonly mayNote?: boolean;
}

/** The registry of a session as a root. A link keeps its own path: dotfile managers change its target. */
export function ownRoot({ registry: { file }, open: { attr, cwd } }: Pick<Own, 'registry' | 'open'>): Root {
  const path = join(realpathSync(dirname(file)), basename(file));
  if (attr === undefined) return { file: path };
  return isFlakeReference(attr) ? { file: path, attr, cwd } : { file: path, attr };
}

/**
 * Reads what the other registries list. Throws `root-unreadable` (exit 3) where one cannot be read, or is missing and its last
 * list is not known.
 */
export async function readOthers(
  context: Context,
  session: Own,
  { forgotten = new Set(), mayNote = false }: ReadOthersOptions = {},
): Promise<Others> {
  const own = ownRoot(session);
  const ownFile = statSync(session.registry.file, { bigint: true });
  const { notes, damaged } = session.modelsDir.roots.read();
  const lists: Others['lists'][number][] = [];
  const missing: MissingRoot[] = [];
  const gone: GoneRoot[] = [];
  const now = new Date();
  // By its path too: while an editor replaces the file, two calls of `stat` can find two files.
  const isOwnFile = (path: string): boolean => path === own.file || isFile(path, ownFile);
  const others = notes.filter(({ root }) => root.attr !== own.attr || root.cwd !== own.cwd || !isOwnFile(root.file));
  const isForgotten = (root: Root): boolean => forgotten.has(rootKey(root));
  const opened = await mapConcurrently(
    others,
    () => 1,
    AT_ONCE,
    async (note) => {
      const { root } = note;
      // A root to forget may be readable again.
      const open = isForgotten(root) ? openIfReadable : openRoot;
      const registry = await open(context, session, note);
      return { note, root, registry };
    },
  );
  for (const { note, root, registry } of valuesOf(opened)) {
    const away = missingRoot(note, now);
    if (registry) lists.push({ root, registry });
    else if (isForgotten(root)) gone.push({ root, why: 'forgotten' });
    else if (away.until !== undefined && away.until <= now) gone.push({ root, why: 'missing' });
    else missing.push(away);
  }
  await requireKnown(context, session, missing, mayNote);
  return { lists, missing, gone, damaged };
}

/** The file names that other registries list, or listed when they were last read. */
export function listedElsewhere({ lists, missing }: Pick<Others, 'lists' | 'missing'>): readonly string[] {
  return [
    ...lists.flatMap(({ registry }) => registry.entries.map(({ name }) => name)),
    ...missing.flatMap(({ active }) => active ?? []),
  ];
}

export async function openIfReadable(
  context: Pick<Context, 'host'>,
  session: Own,
  note: RootNote,
): Promise<Registry | undefined> {
  try {
    return await openRoot(context, session, note);
  } catch (error) {
    if (error instanceof WhisperError) return undefined;
    throw error;
  }
}

async function openRoot({ host }: Pick<Context, 'host'>, session: Own, note: RootNote): Promise<Registry | undefined> {
  const { root } = note;
  try {
    if (isRootMissing(root)) return undefined;
    const { file, attr, cwd = session.open.cwd } = root;
    const open = { ...session.open, file, attr, cwd, wantsModelsDir: false, wantsSources: false };
    const found = await openRegistry(open);
    const registry = withModelNames(found, modelNames(knownTo({ host }, session, note, found)));
    const isComplete = registry.entries.every(({ name }) => isModelFile(name));
    const named = isComplete ? registry : await withDeclaredNames({ host }, session, note, found, open);
    requireModelNames(named);
    return named;
  } catch (cause) {
    if (!(cause instanceof WhisperError)) throw cause;
    // It may have been removed while it was read.
    if (isRootMissing(root)) return undefined;
    const path = await session.modelsDir.roots.notePath(root);
    throw unreadableRoot(describeRoot(root), root.file, path, cause);
  }
}

/** The registry with short names of models that only its computed sources declare. */
async function withDeclaredNames(
  context: Pick<Context, 'host'>,
  session: Own,
  note: RootNote,
  found: Registry,
  open: OpenOptions,
): Promise<Registry> {
  const { withPossibleSources, withSettings } = await import('../../adapters/registry/evaluated-settings.ts');
  const declared = await withSettings(await withPossibleSources(found, open), { ...open, wantsSources: true });
  return withModelNames(declared, modelNames(knownTo(context, session, note, declared)));
}

/** Whether a root knows a model. Its user may have another catalogue: what its last list named counts as known. */
function knownTo(
  { host }: Pick<Context, 'host'>,
  { modelsDir }: Own,
  { active }: RootNote,
  registry: Registry,
): (file: string) => boolean {
  // Its lock file is read only where a name is short.
  let catalogue: Catalogue | undefined;
  const isKept = modelsDir.keeps();
  return (file) => {
    catalogue ??= openPins(host, withKnownSources(registry)).catalogue;
    return catalogue.has(file) || isKept(file) || active?.includes(file) === true;
  };
}

/** Without sources that only Nix could tell. */
function withKnownSources({ file, text, sources }: Registry): Declaring {
  return { file, text, sources: sources && 'sources' in sources ? sources : undefined };
}

/** Throws for a missing root that an earlier version noted without its list. */
async function requireKnown(
  { reporter }: Context,
  { modelsDir }: Own,
  missing: readonly MissingRoot[],
  mayNote: boolean,
): Promise<void> {
  const [first, ...more] = missing.filter(({ active }) => active === undefined);
  if (!first) return;
  for (const { root, missingSince = new Date().toISOString() } of mayNote ? [first, ...more] : []) {
    try {
      await modelsDir.roots.write({ root, active: undefined, missingSince });
    } catch (error) {
      if (!(error instanceof WhisperError)) throw error;
      reporter.log('info', 'root not noted', { root: root.file, reason: error.message });
    }
  }
  throw unknownMissingRoot(describeRoot(first.root), first.root.file, first.until);
}

/** Whether a path leads to this file, also through a link that was left where the folder was before. */
function isFile(path: string, file: BigIntStats): boolean {
  try {
    return isSameFile(file, statSync(path, { throwIfNoEntry: false, bigint: true }));
  } catch {
    // It cannot be reached: opening it reports the reason.
    return false;
  }
}
