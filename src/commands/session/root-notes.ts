import { isNoSpace } from '../../adapters/fs/errors.ts';
import { isRootMissing, rootsAt } from '../../adapters/store/roots.ts';
import { WhisperError } from '../../core/errors.ts';
import {
  ambiguousRoot,
  rootExpired,
  rootForgotten,
  rootMissing,
  rootNotRecorded,
  rootStillReadable,
  unknownRoot,
} from '../../core/messages/roots.ts';
import { describeRoot, missingRoot, rootKey, type RootNote } from '../../core/state/root.ts';
import { openIfReadable, type Others, type Own, ownRoot } from './roots.ts';
import type { Context } from './context.ts';
import type { Session } from './session.ts';

type Noted = Pick<Others, 'lists' | 'missing' | 'gone'>;

/** Notes the registry of a session with its list; `coming`: names that will be registered. A full disk is only reported. */
export async function noteOwn({ reporter }: Context, session: Session, coming: readonly string[] = []): Promise<void> {
  try {
    await session.modelsDir.roots.write(ownNote(session, coming));
  } catch (error) {
    if (!isNoSpace(error)) throw error;
    reporter.notice(rootNotRecorded(session.registry.file));
  }
}

function ownNote(session: Session, coming: readonly string[] = []): RootNote {
  const active = [...session.active.map(({ name }) => name), ...coming];
  return { root: ownRoot(session), active, missingSince: undefined };
}

export async function areRootsNoted(session: Session, others: Noted): Promise<boolean> {
  const { roots } = session.modelsDir;
  const notes = [ownNote(session), ...notesOf(others, new Date())];
  const known = await Promise.all(notes.map(async (note) => roots.has(note)));
  return others.gone.length === 0 && known.every(Boolean);
}

/** Notes this registry, the lists of the others, and missing ones. Called after pruning, so that a full disk can be freed. */
export async function noteRoots(
  context: Context,
  session: Session,
  others: Noted,
  coming: readonly string[],
): Promise<void> {
  const { reporter } = context;
  const { roots } = session.modelsDir;
  const now = new Date();
  await noteOwn(context, session, coming);
  for (const { root, why } of others.gone) {
    // It has been restored.
    if (why === 'missing' && !isRootMissing(root)) continue;
    try {
      await roots.remove(root);
    } catch (error) {
      // Another user's note may not be removable. It is ignored, but a root that is to be forgotten must go.
      if (why === 'forgotten' || !(error instanceof WhisperError)) throw error;
      reporter.log('info', 'root note not removed', { root: root.file, reason: error.message });
      continue;
    }
    const notice = why === 'missing' ? rootExpired : rootForgotten;
    reporter.notice(notice(describeRoot(root)));
  }
  for (const root of others.missing)
    if (root.until === undefined)
      reporter.notice(rootMissing(missingRoot({ ...root, missingSince: now.toISOString() }, now)));
  for (const note of notesOf(others, now)) {
    try {
      await roots.write(note);
    } catch (error) {
      // Another user's note may not be replaceable; the next command tries again.
      if (!(error instanceof WhisperError)) throw error;
      reporter.log('info', 'root not noted', { root: note.root.file, reason: error.message });
    }
  }
}

function notesOf({ lists, missing }: Noted, now: Date): readonly RootNote[] {
  return [
    ...lists.map(({ root, registry }) => {
      return { root, active: registry.entries.map(({ name }) => name), missingSince: undefined };
    }),
    ...missing.map(({ root, active, missingSince = now.toISOString() }) => ({ root, active, missingSince })),
  ];
}

/** Keys of missing or unreadable roots at a path. Throws `usage` (exit 2) for none, or for a folder with several registries. */
export async function rootsToForget(
  context: Pick<Context, 'host'>,
  session: Own,
  path: string,
): Promise<ReadonlySet<string>> {
  const { notes } = session.modelsDir.roots.read();
  const known = notes.map(({ root }) => root);
  const named = rootsAt(known, path, context.host.cwd);
  const files = [...new Set(named.map(({ file }) => file))];
  const [file] = files;
  if (file === undefined) throw unknownRoot(path, known.map(describeRoot));
  if (files.length > 1) throw ambiguousRoot(path, files);
  const forgotten = new Set<string>();
  for (const note of notes)
    if (named.includes(note.root) && !(await openIfReadable(context, session, note))) forgotten.add(rootKey(note.root));
  if (forgotten.size === 0) throw rootStillReadable(file);
  return forgotten;
}
