import { resolve } from 'node:path';
import { ModelsDir } from '../../adapters/store/models-dir.ts';
import { type Catalogue, menuOrder, requireModel } from '../../core/catalogue/catalogue.ts';
import { isModelFile } from '../../core/catalogue/names.ts';
import { WhisperError } from '../../core/errors.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { openCatalogue } from './pins.ts';
import type { CommonOptions, Context } from './context.ts';
import { givenModelsDir, openSession, type Session } from './session.ts';

/** A model that is in the list, on the disk or in the catalogue. */
export interface KnownModel {
  readonly name: string;
  readonly size: number | undefined;
  readonly active: boolean;
  readonly downloaded: boolean;
  readonly inCatalogue: boolean;
}

/** Active models, those on disk, and the catalogue in menu order. Runs no Nix, changes nothing; an unreadable list is empty. */
export async function knownModels(context: Context, options: CommonOptions): Promise<readonly KnownModel[]> {
  const { active, files, catalogue } = await readModels(context, { ...options, noEval: true });
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  const order = menuOrder(catalogue).map(({ file }) => file);
  const names = new Set([...active, ...files.map(({ name }) => name).toSorted(), ...order]);
  return [...names].map((name) => ({
    name,
    size: sizes.get(name) ?? catalogue.get(name)?.size,
    active: active.has(name),
    downloaded: sizes.has(name),
    inCatalogue: catalogue.has(name),
  }));
}

/** The file name of a model that is active, in the catalogue, or one of `others`, like those on the disk. */
export function meantModel(
  given: string,
  { active, catalogue }: Pick<Session, 'active' | 'catalogue'>,
  others: readonly Pick<ModelFile, 'name'>[],
): string {
  // Entries that name no model are not suggested: the same command would refuse them.
  const names = [...active, ...others].map(({ name }) => name).filter(isModelFile);
  return requireModel(given, catalogue, new Set(names));
}

interface ModelsRead {
  readonly active: ReadonlySet<string>;
  readonly files: readonly ModelFile[];
  readonly catalogue: Catalogue;
}

async function readModels(context: Context, options: CommonOptions): Promise<ModelsRead> {
  try {
    const { active, modelsDir, catalogue } = await openSession(context, options);
    return { active: new Set(active.map(({ name }) => name)), files: (await modelsDir.scan()).files, catalogue };
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    const folder = givenModelsDir(context, options);
    const files = folder === undefined ? [] : (await new ModelsDir(resolve(context.host.cwd, folder)).scan()).files;
    return { active: new Set(), files, catalogue: openCatalogue(context.host) };
  }
}
