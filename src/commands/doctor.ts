import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { findNix } from '../adapters/nix.ts';
import { parseNix } from '../adapters/parser.ts';
import { WhisperError } from '../core/errors.ts';
import { RECOMMENDED } from '../core/models/catalogue.ts';
import { openSession, type CommonOptions, type Context, type Session } from './session.ts';

/** One thing that was looked at. */
export interface Examined {
  readonly name: 'node' | 'parser' | 'nix' | 'registry' | 'models directory' | 'free space' | 'hub';
  readonly status: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do about it, or could be done; `null`: nothing. */
  readonly hint: string | null;
}

export interface DoctorResult {
  readonly checks: readonly Examined[];
}

/** Looks at everything that the program needs, and says of each thing what it found and how to mend it. */
export async function doctor(context: Context, options: CommonOptions): Promise<DoctorResult> {
  const own = [
    examine('node', () => `Node ${process.version}`),
    examine('parser', () => `${parseNix('{ }').type === 'source_code' ? 'tree-sitter with' : 'no'} the grammar of Nix`),
    asWarning(examine('nix', () => findNix(context.host.environment, 'nix-instantiate'))),
  ];
  let session: Session | undefined;
  const registry = await examineLater('registry', async () => {
    session = await openSession(context, options);
    const { file, source, entries } = session.registry;
    const how = source === 'static' ? 'read from the text' : 'evaluated by Nix';
    return `${file}: ${entries.length} active, ${how}`;
  });
  const seen = session?.registry.isHidden === true ? { ...registry, hint: SHOW_IT } : registry;
  const disk = session ? examineDisk(session) : [];
  const hub = await examineLater('hub', async () => (await import('./check-hub.ts')).checkHub(context.host));
  return { checks: [...own, seen, ...disk, asWarning(hub)] };
}

const SHOW_IT =
  'Only this file sees the list; to let other tools have it too, add to the result: inherit activeModels;';

function examineDisk({ modelsDir, catalogue }: Session): readonly Examined[] {
  const folder = examine('models directory', () => {
    const { files } = modelsDir.scan();
    let existing = modelsDir.path;
    while (!existsSync(existing)) existing = dirname(existing);
    requireWritable(existing);
    return `${modelsDir.path}: ${modelsDir.exists() ? `${files.length} files` : 'not there yet; the first download makes it'}`;
  });
  const space = examine('free space', () => {
    const { free } = modelsDir.scan();
    const needed = catalogue.get(RECOMMENDED)?.size ?? 0;
    if (free < needed)
      throw new WhisperError('no-space', `${free} bytes are free`, 'whisper prune frees what is not listed.');
    return `${free} bytes are free`;
  });
  return folder.status === 'ok' ? [folder, space] : [folder];
}

function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const hint = 'Check its owner and rights, or name another folder with --models-dir.';
    throw new WhisperError('no-permission', `${folder} may not be written to`, hint, { cause });
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
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
  return { name, status: 'error', message: where + message, hint };
}

/** What the program can do without. */
function asWarning(examined: Examined): Examined {
  return examined.status === 'error' ? { ...examined, status: 'warning' } : examined;
}
