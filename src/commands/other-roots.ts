import { existsSync, realpathSync, statSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isSameFile } from '../adapters/file-identity.ts';
import { isFlakeReference, openRegistry, type OpenOptions } from '../adapters/open-registry.ts';
import { WhisperError } from '../core/errors.ts';
import { unreadableRoot } from '../core/messages/registry.ts';
import { describeRoot, type Root } from '../core/models/root.ts';
import { requireModelNames } from '../core/registry/lint.ts';
import type { Registry } from '../core/registry/registry.ts';
import type { Context, Session } from './session.ts';

/** The other registries with the same models directory, as they are now. */
export interface Others {
  readonly lists: readonly { readonly root: Root; readonly registry: Registry }[];
  /** Those whose file is gone. */
  readonly gone: readonly Root[];
  /** Notes that say nothing. */
  readonly damaged: readonly string[];
}

type Own = Pick<Session, 'registry' | 'open' | 'modelsDir'>;

/** Milliseconds in which an editor that saves by moving the old file away has put the new one there. */
const SAVING = 250;

/** The registry of a session as a root. A link keeps its own name: where it leads changes, as with dotfile managers. */
export function ownRoot({ registry: { file }, open: { attr, cwd } }: Pick<Own, 'registry' | 'open'>): Root {
  const path = join(realpathSync(dirname(file)), basename(file));
  if (attr === undefined) return { file: path };
  return isFlakeReference(attr) ? { file: path, attr, cwd } : { file: path, attr };
}

/** Reads what the other registries list. Throws `root-unreadable` (exit 3) where one cannot be read: never guess. */
export async function readOthers(context: Context, session: Own): Promise<Others> {
  const own = ownRoot(session);
  const ownFile = statSync(session.registry.file, { bigint: true });
  const seen: NonNullable<OpenOptions['seen']> = [];
  const { roots, damaged } = session.modelsDir.roots.read();
  const lists: Others['lists'][number][] = [];
  const gone: Root[] = [];
  for (const root of roots) {
    if (root.attr === own.attr && root.cwd === own.cwd && isFile(root.file, ownFile)) continue;
    const registry = await openRoot(context, session, root, seen);
    if (registry) lists.push({ root, registry });
    else gone.push(root);
  }
  return { lists, gone, damaged };
}

/** `undefined`: the file is gone. */
async function openRoot(
  context: Context,
  session: Own,
  root: Root,
  seen: NonNullable<OpenOptions['seen']>,
): Promise<Registry | undefined> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      const { file, attr, cwd = session.open.cwd } = root;
      const registry = await openRegistry({ ...session.open, file, attr, cwd, wantsModelsDir: false, seen });
      requireModelNames(registry);
      return registry;
    } catch (cause) {
      if (!(cause instanceof WhisperError)) throw cause;
      if (cause.code !== 'registry-not-found') throw await unreadable(session, root, cause);
      if (isAgain || !existsSync(dirname(root.file))) return undefined;
      await context.host.delay(SAVING);
    }
  }
}

/** Whether a path leads to a file: the folder that a root was noted in may have moved and left a link behind. */
function isFile(path: string, file: BigIntStats): boolean {
  try {
    return isSameFile(file, statSync(path, { throwIfNoEntry: false, bigint: true }));
  } catch {
    // It cannot be reached: opening it says why.
    return false;
  }
}

async function unreadable({ modelsDir }: Own, root: Root, cause: WhisperError): Promise<WhisperError> {
  const note = await modelsDir.roots.notePath(root);
  return unreadableRoot(describeRoot(root), root.file, note, cause);
}
