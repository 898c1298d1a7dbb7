import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { findNix, nixVersion } from '../../adapters/nix/find-nix.ts';
import { findLockFile } from '../../adapters/registry/lockfile.ts';
import { parseNix } from '../../adapters/registry/parser.ts';
import { RECOMMENDED } from '../../core/catalogue/catalogue.ts';
import { placeText, WhisperError } from '../../core/errors.ts';
import { lintLock } from '../../core/lockfile/lint.ts';
import { unreadableRootNotes, folderNotWritable, lowSpace, noKernelLocks } from '../../core/messages/disk.ts';
import { rootExpired, rootMissing } from '../../core/messages/roots.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { count, formatBytes } from '../../core/quantity.ts';
import { lint } from '../../core/registry/lint.ts';
import { describeRoot } from '../../core/state/root.ts';
import { planToShow } from '../plan/plan.ts';
import { openCatalogue } from '../session/pins.ts';
import { readOthers } from '../session/roots.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession, type Session } from '../session/session.ts';

export interface Examined {
  readonly name:
    | 'node'
    | 'parser'
    | 'locks'
    | 'nix'
    | 'registry'
    | 'lock file'
    | 'models directory'
    | 'free space'
    | 'roots'
    | 'binary cache'
    | 'hub';
  readonly status: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly hint: string | null;
}

export interface DoctorResult {
  readonly checks: readonly Examined[];
  /** What `sync` would do; `undefined`: unknown. */
  readonly plan: Plan | undefined;
}

/** Checks everything that the program needs. Returns what it found, and how to fix it. */
export async function doctor(context: Context, options: CommonOptions): Promise<DoctorResult> {
  const own = [
    examine('node', () => `Node ${process.version}`),
    examine('parser', () =>
      parseNix('{ }').type === 'source_code' ? 'tree-sitter with the Nix grammar' : 'no Nix grammar',
    ),
  ];
  const locks = await examineLocks();
  const nix = asWarning(await examineNix(context));
  let session: Session | undefined;
  const registry = await examineLater('registry', async () => {
    session = await openSession(context, options);
    const { file, source, entries, condition } = session.registry;
    const how = source === 'static' ? 'read from the text' : 'evaluated by Nix';
    return `${file}: ${entries.length} active, ${how}${condition === undefined ? '' : `, under ${condition}`}`;
  });
  const refused = session && (await examineNames(session));
  const seen = refused ?? (session?.registry.isHidden === true ? { ...registry, hint: SHOW_IT } : registry);
  const lock = session ? [examineLock(context, session)] : [];
  const disk = session ? await examineDisk(context, session) : [];
  const caches = session ? await examineCaches(context, session) : [];
  const hub = await examineLater('hub', async () => (await import('./servers.ts')).checkHub(context.host));
  const canPlan =
    session !== undefined &&
    refused === undefined &&
    disk.every(({ status, name }) => status !== 'error' || name === 'free space');
  const plan = session && canPlan ? (await planToShow(context, session)).plan : undefined;
  return {
    checks: [...own, ...locks, asNeeded(nix, session), seen, ...lock, ...disk, ...caches, asWarning(hub)],
    plan,
  };
}

/** Nothing where the kernel locks files, as on most systems. */
async function examineLocks(): Promise<readonly Examined[]> {
  const { missingNativeFiles } = await import('../../adapters/fs/native-files.ts');
  const reason = missingNativeFiles();
  if (reason === undefined) return [];
  return [asWarning(failed('locks', noKernelLocks(reason)))];
}

/** Without `nix` beside `nix-instantiate`, lists are evaluated, and flakes are not. */
async function examineNix({ host }: Context): Promise<Examined> {
  const found = await examineLater('nix', async () => {
    const path = findNix(host.environment, 'nix-instantiate');
    const version = await nixVersion(host, path);
    return `${path}: ${version === undefined ? 'unknown version' : `Nix ${version}`}`;
  });
  if (found.status !== 'ok') return found;
  const flakes = examine('nix', () => findNix(host.environment, 'nix'));
  return flakes.status === 'ok'
    ? found
    : { ...found, message: `${found.message}; flakes cannot be evaluated: ${flakes.message}` };
}

async function examineNames({ registry, catalogue, modelsDir }: Session): Promise<Examined | undefined> {
  const onDisk = await namesIn(modelsDir);
  if (!onDisk) return undefined;
  const findings = [...lint(registry, catalogue, onDisk)];
  const [first, ...more] = findings.map(({ diagnostic }) => diagnostic).filter(({ severity }) => severity === 'error');
  if (!first) return undefined;
  const others = more.length > 0 ? `; and ${more.length} more` : '';
  const message = `${placeText(first)}: ${first.message}${others}`;
  return { name: 'registry', status: 'error', message, hint: FIX_NAMES };
}

async function namesIn(modelsDir: Session['modelsDir']): Promise<ReadonlySet<string> | undefined> {
  try {
    const { files } = await modelsDir.scan();
    return new Set(files.map(({ name }) => name));
  } catch (error) {
    if (error instanceof WhisperError) return undefined;
    throw error;
  }
}

const FIX_NAMES =
  'Run whisper check to see each one, or whisper check --fix to fix clear mistakes; until then nothing is downloaded';

/** A plain list is read without Nix. */
function asNeeded(nix: Examined, session: Session | undefined): Examined {
  if (nix.status === 'ok' || session?.registry.source !== 'static') return nix;
  return { ...nix, status: 'ok', message: 'not on PATH; this list can be read without it', hint: null };
}

const SHOW_IT = 'Other tools cannot read the list; to export it, add "inherit activeModels;" to the result of the file';

/** A stale lock file is a warning: models that it lacks are verified against the catalogue. */
function examineLock({ host }: Context, { registry }: Session): Examined {
  let isStale = false;
  const found = examine('lock file', () => {
    const { path, text } = findLockFile(registry.file);
    if (text === undefined) return 'none: run whisper lock to pin size and sha256';
    const [stale, ...more] = lintLock({ path, text }, registry, openCatalogue(host));
    isStale = stale !== undefined;
    const others = more.length > 0 ? `; and ${more.length} more, see whisper check` : '';
    return stale ? `${path}: ${stale.message}${others}` : `${path}: up to date`;
  });
  return isStale ? { ...found, status: 'warning' } : found;
}

async function examineDisk(context: Context, session: Session): Promise<readonly Examined[]> {
  const { modelsDir, catalogue } = session;
  const folder = await examineLater('models directory', async () => {
    const { files } = await modelsDir.scan();
    let existing = modelsDir.path;
    while (!existsSync(existing)) existing = dirname(existing);
    requireWritable(existing);
    return `${modelsDir.path}: ${modelsDir.exists() ? count(files.length, 'model file') : 'does not exist yet; the first download creates it'}`;
  });
  const space = examine('free space', () => {
    const free = modelsDir.freeSpace();
    const needed = catalogue.get(RECOMMENDED)?.size ?? 0;
    if (free < needed) throw lowSpace(free);
    return `${formatBytes(free)} free`;
  });
  return folder.status === 'ok' ? [folder, space, await examineRoots(context, session)] : [folder];
}

/** A broken cache is a warning: the hub has what a cache lacks. */
async function examineCaches({ host }: Context, { substituters }: Session): Promise<readonly Examined[]> {
  const { caches, ignored } = substituters;
  if (caches.length + ignored.length === 0) return [];
  const { checkCache } = await import('./servers.ts');
  const asked = await Promise.all(caches.map((url) => examineLater('binary cache', async () => checkCache(host, url))));
  const left = ignored.map(({ address, reason }): Examined => {
    const hint = 'Write it like https://cache.example.org or file:///srv/cache';
    return { name: 'binary cache', status: 'warning', message: `${address} is skipped: ${reason}`, hint };
  });
  return [...asked.map(asWarning), ...left];
}

/** Pruning needs every registry that uses the folder to be readable. */
async function examineRoots(context: Context, session: Session): Promise<Examined> {
  let isMissing = false;
  const found = await examineLater('roots', async () => {
    const { lists, missing, gone, damaged } = await readOthers(context, session);
    if (damaged.length > 0) throw unreadableRootNotes(damaged);
    const others = lists.map(({ root }) => describeRoot(root)).join(', ');
    isMissing = missing.length > 0;
    const away = [...missing.map(rootMissing), ...gone.map(({ root }) => rootExpired(describeRoot(root)))];
    return [lists.length === 0 ? 'no other registry uses this folder' : `also used by ${others}`, ...away].join('; ');
  });
  return isMissing ? { ...found, status: 'warning' } : found;
}

function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw folderNotWritable(folder, cause);
  }
}

function examine(name: Examined['name'], look: () => string): Examined {
  try {
    return { name, status: 'ok', message: look(), hint: null };
  } catch (error) {
    return failed(name, error);
  }
}

async function examineLater(name: Examined['name'], look: () => Promise<string>): Promise<Examined> {
  try {
    return { name, status: 'ok', message: await look(), hint: null };
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name: Examined['name'], error: unknown): Examined {
  if (!(error instanceof WhisperError)) throw error;
  const { message, place, hint } = error;
  const where = place ? `${placeText(place)}: ` : '';
  return { name, status: 'error', message: where + message, hint };
}

/** For what the program can do without. */
function asWarning(examined: Examined): Examined {
  return examined.status === 'error' ? { ...examined, status: 'warning' } : examined;
}
