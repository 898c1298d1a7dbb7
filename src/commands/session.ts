import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Host } from '../adapters/host.ts';
import { ModelsDir } from '../adapters/models-dir.ts';
import { findRegistry, openRegistry } from '../adapters/registry-file.ts';
import { errnoCode } from '../adapters/disk-error.ts';
import { WhisperError } from '../core/errors.ts';
import { loadCatalogue, type Catalogue } from '../core/models/catalogue.ts';
import { placeOf } from '../core/registry/diagnostic.ts';
import { activeEntries, type ActiveEntry, type ReadOptions, type Registry } from '../core/registry/registry.ts';

/** What a person set with options; `undefined` where they said nothing. */
export interface CommonOptions {
  readonly file?: string;
  readonly modelsDir?: string;
  readonly attr?: string;
}

/** How a command talks while it works; what it has to say in the end is its result. */
export interface Talk {
  notice(text: string): void;
  /** Bytes that have arrived of one model. */
  progress(name: string, received: number, size: number | undefined): void;
  progressEnd(): void;
  log(level: 'debug' | 'info', event: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface Context {
  readonly host: Host;
  readonly talk: Talk;
}

/** The registry and its models directory, as they are now. */
export interface Session {
  readonly read: ReadOptions;
  readonly registry: Registry;
  readonly active: readonly ActiveEntry[];
  readonly modelsDir: ModelsDir;
  readonly catalogue: Catalogue;
}

/** Finds and reads what most commands start from. */
export function openSession(context: Context, options: CommonOptions): Session {
  const { registry, read } = openOwnRegistry(context, options);
  const modelsDir = new ModelsDir(modelsPath(context.host, options, registry));
  context.talk.log('info', 'registry read', {
    file: registry.file,
    entries: registry.list.elements.length,
    modelsDir: modelsDir.path,
  });
  return { read, registry, active: activeEntries(registry), modelsDir, catalogue: openCatalogue(context.host) };
}

/** Finds and reads the registry alone. */
export function openOwnRegistry({ host }: Context, options: CommonOptions): { registry: Registry; read: ReadOptions } {
  const file = findRegistry(options.file ?? nonEmpty(host.environment['WHISPER_NIX_FILE']), host.cwd);
  const read: ReadOptions = { file, attr: options.attr, environment: host.environment };
  return { registry: openRegistry(read), read };
}

/** The catalogue with `WHISPER_CATALOG` on top. */
export function openCatalogue(host: Host): Catalogue {
  const path = nonEmpty(host.environment['WHISPER_CATALOG']);
  if (path === undefined) return loadCatalogue();
  try {
    return loadCatalogue({ path, text: readFileSync(resolve(host.cwd, path), 'utf8') });
  } catch (cause) {
    if (errnoCode(cause) === undefined) throw cause;
    throw new WhisperError(
      'bad-catalogue',
      `WHISPER_CATALOG ${path} cannot be read: ${errnoCode(cause)}`,
      'Check the path, or unset WHISPER_CATALOG.',
      { cause },
    );
  }
}

/** The names of the model files that are there; none where it cannot be told which folder is meant. */
export function modelsOnDisk({ host }: Context, options: CommonOptions, registry: Registry): ReadonlySet<string> {
  try {
    const { files } = new ModelsDir(modelsPath(host, options, registry)).scan();
    return new Set(files.map(({ name }) => name));
  } catch (error) {
    if (error instanceof WhisperError) return new Set();
    throw error;
  }
}

/** The name under which a registry is known as a root: links followed. */
export function rootName(registry: Registry): string {
  return realpathSync(registry.file);
}

function modelsPath(host: Host, options: CommonOptions, registry: Registry): string {
  const given = options.modelsDir ?? nonEmpty(host.environment['WHISPER_MODELS_PATH']);
  if (given !== undefined) return resolve(host.cwd, given);
  const home = nonEmpty(host.environment['HOME']) ?? homedir();
  const setting = registry.modelsDir;
  if (setting === undefined) {
    const data = host.environment['XDG_DATA_HOME'];
    return join(data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share'), 'whisper', 'models');
  }
  if ('computed' in setting) {
    const place = placeOf(registry.file, registry.text, setting.computed);
    throw new WhisperError(
      'models-dir-unknown',
      'modelsDir is computed, and its value cannot be told from the file',
      'Write it as a plain string, or say where the models lie with --models-dir or WHISPER_MODELS_PATH.',
      { place },
    );
  }
  const path = setting.value.replace(/^(~|\$HOME)(?=\/|$)/, home);
  if (isAbsolute(path)) return resolve(path);
  throw new WhisperError(
    'models-dir-unknown',
    `modelsDir is ${JSON.stringify(setting.value)}, which is no absolute path`,
    'Write an absolute path in the registry; a leading ~/ or $HOME/ may stand for the home directory.',
    {
      details: { file: registry.file, modelsDir: setting.value },
    },
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
