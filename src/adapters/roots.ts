import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { asDiskError } from './disk-error.ts';
import { listFolder, readNote, writeNote } from './notes.ts';

/** The registries that use one models directory. */
export class Roots {
  readonly #folder: string;

  constructor(modelsDir: string) {
    this.#folder = join(modelsDir, '.whisper', 'roots');
  }

  /** Notes that a registry uses this folder, so that its models are kept when another one prunes. */
  async add(registry: string): Promise<void> {
    const path = await this.#path(registry);
    if (rootOf(readNote(path)) === registry) return;
    try {
      writeNote(path, { file: registry });
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  async remove(registry: string): Promise<void> {
    const path = await this.#path(registry);
    try {
      rmSync(path, { force: true });
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  /** The registries that use this folder. */
  all(): readonly string[] {
    return this.#notes().flatMap(({ registry }) => registry ?? []);
  }

  /** Notes that cannot be read: nobody can say whose they were. */
  damaged(): readonly string[] {
    return this.#notes().flatMap(({ path, registry }) => (registry === undefined ? path : []));
  }

  #notes(): readonly { readonly path: string; readonly registry: string | undefined }[] {
    const files = listFolder(this.#folder).filter(({ name }) => name.endsWith('.json'));
    return files.map(({ name }) => {
      const path = join(this.#folder, name);
      return { path, registry: rootOf(readNote(path)) };
    });
  }

  async #path(registry: string): Promise<string> {
    // Loaded here, because commands that only look have no need of it and it takes its time.
    const { createHash } = await import('node:crypto');
    const id = createHash('sha256').update(registry).digest('hex').slice(0, 32);
    return join(this.#folder, `${id}.json`);
  }
}

function rootOf(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const file = typeof value === 'object' && value !== null && 'file' in value ? value.file : undefined;
    return typeof file === 'string' ? file : undefined;
  } catch {
    // A damaged note names nobody.
    return undefined;
  }
}
