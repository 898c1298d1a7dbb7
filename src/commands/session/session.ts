import { isAbsolute, resolve } from 'node:path';
import type { LockSettings } from '../../adapters/lock/flock.ts';
import { defaultModelsFolder, homeFolder } from '../../adapters/fs/user-folders.ts';
import type { Host } from '../../adapters/process/host.ts';
import { findRegistry } from '../../adapters/registry/find-registry.ts';
import { type OpenOptions, textOptions } from '../../adapters/registry/open-options.ts';
import { openRegistry } from '../../adapters/registry/open-registry.ts';
import type { ListChange } from '../../adapters/registry/write-registry.ts';
import { ModelsDir } from '../../adapters/store/models-dir.ts';
import type { Substituters } from '../../core/binary-cache/substituters.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { modelNames, type NameOf } from '../../core/catalogue/names.ts';
import { WhisperError } from '../../core/errors.ts';
import {
  modelsDirNeedsNix,
  modelsDirNotAbsolute,
  modelsDirVariableNotAllowed,
} from '../../core/messages/evaluation.ts';
import { placeOf } from '../../core/registry/diagnostic.ts';
import type { Change } from '../../core/registry/edit/change.ts';
import {
  activeEntries,
  type ActiveEntry,
  type ReadOptions,
  type Registry,
  withModelNames,
} from '../../core/registry/registry.ts';
import { givenAttr, namingAttrVariable } from './attr.ts';
import { newSource } from '../../core/registry/sources/source.ts';
import { openPins } from './pins.ts';
import type { CommonOptions, Context } from './context.ts';

export interface Session {
  readonly open: OpenOptions;
  /** How the text alone is read, for edits. */
  readonly read: ReadOptions;
  readonly registry: Registry;
  /** What the entries of the list mean, also those that are added. */
  readonly nameOf: NameOf;
  readonly active: readonly ActiveEntry[];
  readonly modelsDir: ModelsDir;
  readonly catalogue: Catalogue;
  readonly substituters: Substituters;
  /** Models that were given by an address and that nothing else pins: their sources are written with their lines. */
  readonly declared: readonly CatalogueEntry[];
  /** Sources that contradict other pins; none but where they are reported one by one. */
  readonly conflicts: readonly WhisperError[];
}

/** Finds and reads the registry, its models directory and its pins. */
export async function openSession(
  context: Context,
  options: CommonOptions,
  { reportsConflicts = false }: { readonly reportsConflicts?: boolean } = {},
): Promise<Session> {
  const wantsModelsDir = givenModelsDir(context, options) === undefined;
  const { registry: opened, open, read } = await openOwnRegistry(context, options, wantsModelsDir);
  const modelsDir = new ModelsDir(modelsPath(context, options, opened));
  const found = await withSources(context, opened, open);
  const { conflicts: findConflicts, substituters, catalogue: pinned } = openPins(context.host, found);
  const { catalogue, declared } = await withDeclared(pinned, options.declared ?? [], modelsDir);
  const conflicts = await findConflicts();
  if (conflicts[0] && !reportsConflicts) throw conflicts[0];
  const isKept = modelsDir.keeps();
  const nameOf = modelNames((file) => catalogue.has(file) || isKept(file));
  const registry = withModelNames(found, nameOf);
  context.reporter.log('info', 'registry read', {
    file: registry.file,
    entries: registry.entries.length,
    modelsDir: modelsDir.path,
  });
  return {
    open,
    read,
    registry,
    nameOf,
    active: activeEntries(registry),
    modelsDir,
    catalogue,
    substituters,
    declared,
    conflicts,
  };
}

// Loaded for these only: most models are given by name.
async function withDeclared(
  catalogue: Catalogue,
  given: readonly CatalogueEntry[],
  modelsDir: ModelsDir,
): Promise<Pick<Session, 'catalogue' | 'declared'>> {
  if (given.length === 0) return { catalogue, declared: given };
  const { declareModels } = await import('../../core/registry/sources/declare.ts');
  return declareModels(catalogue, given, (await modelsDir.scan()).files);
}

/** Asks Nix for sources that the file may have, where a listed model is not known without them. */
async function withSources({ host }: Context, registry: Registry, open: OpenOptions): Promise<Registry> {
  const { sources, entries } = registry;
  if (!sources || 'sources' in sources || sources.isCertain) return registry;
  const { catalogue } = openPins(host, registry);
  const nameOf = modelNames((file) => catalogue.has(file));
  if (entries.every(({ name }) => catalogue.has(nameOf(name)))) return registry;
  return (await import('../../adapters/registry/evaluated-settings.ts')).withPossibleSources(registry, open);
}

/** Reads the registry alone: what its short names mean is not determined. */
export async function openOwnRegistry(
  context: Context,
  options: CommonOptions,
  wantsModelsDir = false,
): Promise<Pick<Session, 'registry' | 'open' | 'read'>> {
  const { open, read } = ownRegistry(context, options, wantsModelsDir);
  return { registry: await namingAttrVariable(context, options, async () => openRegistry(open)), open, read };
}

export function ownRegistry(
  { host, reporter, nix }: Context,
  options: CommonOptions,
  wantsModelsDir = false,
): Pick<Session, 'open' | 'read'> {
  const file = findRegistry(givenRegistry(host, options), host.cwd);
  const { literal } = options;
  const read: ReadOptions = { file, attr: givenAttr(host, options), literal, environment: host.environment };
  const asked = options.noEval === true ? undefined : nix;
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => reporter.log('info', event, fields);
  return {
    open: { ...read, nix: asked, wantsModelsDir, wantsSources: true, cwd: host.cwd, signal: host.signal, log },
    read: textOptions(read),
  };
}

/** The registry that an option or variable names; `undefined`: it is searched for. */
export function givenRegistry({ environment }: Pick<Host, 'environment'>, { file }: CommonOptions): string | undefined {
  return file ?? nonEmpty(environment['WHISPER_NIX_FILE']);
}

/** The names of the model files on the disk; none where the models directory is not known. */
export async function modelsOnDisk(
  context: Context,
  options: CommonOptions,
  registry: Registry,
): Promise<ReadonlySet<string>> {
  try {
    const { files } = await new ModelsDir(modelsPath(context, options, registry)).scan();
    return new Set(files.map(({ name }) => name));
  } catch (error) {
    if (error instanceof WhisperError) return new Set();
    throw error;
  }
}

/** How a command waits for the lock of the models directory. Waiting outdates what Nix has evaluated. */
export function lockSettings({ host, nix }: Context, wait: number): LockSettings {
  return {
    wait,
    delay: (milliseconds) => {
      nix.forget();
      return host.delay(milliseconds);
    },
  };
}

/**
 * A change of a registry's list, with the whole list as Nix evaluated it where the text alone is not enough, and the sources of
 * what it adds. `verified`: a model with its bytes as they were found to be.
 */
export function listChange(
  { registry, nameOf, declared }: Pick<Session, 'registry' | 'nameOf' | 'declared'>,
  change: Change,
  verified?: CatalogueEntry,
): ListChange {
  const { source, entries } = registry;
  const added = change.kind === 'add' ? declared.filter(({ file }) => change.names.includes(file)) : [];
  const sources = added.map((entry) => newSource(entry.file === verified?.file ? verified : entry));
  return {
    sources,
    change,
    nameOf,
    evaluated: source === 'nix-eval' ? entries.map(({ value }) => value) : [],
  };
}

/** The models directory that an option or variable names; `undefined`: the registry's or the default one. */
export function givenModelsDir({ host }: Pick<Context, 'host'>, options: CommonOptions): string | undefined {
  return options.modelsDir ?? nonEmpty(host.environment['WHISPER_MODELS_PATH']);
}

function modelsPath(context: Pick<Context, 'host'>, options: CommonOptions, registry: Registry): string {
  const { host } = context;
  const given = givenModelsDir(context, options);
  if (given !== undefined) return resolve(host.cwd, given);
  const setting = registry.modelsDir;
  if (setting === undefined) return defaultModelsFolder(host.environment);
  if ('unlisted' in setting) {
    const { variable, ...span } = setting.unlisted;
    throw modelsDirVariableNotAllowed(variable, placeOf(registry.file, registry.text, span));
  }
  if ('computed' in setting)
    throw modelsDirNeedsNix(setting.computed.reason, placeOf(registry.file, registry.text, setting.computed));
  const path = expandHome(setting.value, host);
  if (isAbsolute(path)) return resolve(path);
  throw modelsDirNotAbsolute(setting.value, registry.file);
}

/** A `modelsDir` of a registry, with a leading `~` or `$HOME` replaced by the home directory. */
export function expandHome(path: string, { environment }: Pick<Host, 'environment'>): string {
  return path.replace(/^(~|\$HOME)(?=\/|$)/, homeFolder(environment));
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
