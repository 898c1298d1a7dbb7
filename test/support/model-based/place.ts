import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { sampleModel } from '../models.ts';
import type { Scratch } from '../scratch.ts';
import type { Letter, Thing } from './expected.ts';
import { OWN, SIZES } from './steps.ts';

const SAMPLES = Object.fromEntries(
  Object.entries({ ...SIZES, [OWN]: 1200 }).map(([name, size]) => [name, sampleModel(fileName(name), size)]),
);

export const CATALOGUE = Object.keys(SIZES).map((name) => sample(name));

export function fileName(name: string): string {
  return `ggml-${name}.bin`;
}

export function shortNameOf(file: string): string {
  return file.slice('ggml-'.length, -'.bin'.length);
}

export function sample(name: string): ReturnType<typeof sampleModel> {
  const found = SAMPLES[name];
  if (!found) throw new Error(`no sample of ${name}`);
  return found;
}

/** The folder and the registries of one story, and the hands that change them from outside. */
export class Place {
  readonly scratch: Scratch;
  #clock = 1_000_000_000;

  constructor(scratch: Scratch) {
    this.scratch = scratch;
    for (const name of readdirSync(scratch.path)) rmSync(join(scratch.path, name), { recursive: true });
    mkdirSync(scratch.models);
    scratch.writeCatalogue(CATALOGUE.map(({ entry }) => entry));
  }

  registry(letter: Letter): string {
    return join(this.scratch.path, `${letter}.nix`);
  }

  /** Writes a registry; `off` are lines that are commented out. */
  writeRegistry(letter: Letter, active: Iterable<string>, off: readonly string[] = [], end = '}'): void {
    const lines = [...active].map((name) => `    "${fileName(name)}"\n`);
    const comments = off.map((name) => `    # "${fileName(name)}"\n`);
    this.scratch.write(
      this.registry(letter),
      `{\n  activeModels = [\n${[...lines, ...comments].join('')}  ];\n${end}\n`,
    );
  }

  /** The names that a registry lists, read in the simplest way. */
  listed(letter: Letter): readonly string[] {
    const text = readFileSync(this.registry(letter), 'utf8').replaceAll(/#.*/g, '');
    return [...text.matchAll(/"(ggml-[^"]+)"/g)].map(([, file = '']) => shortNameOf(file)).toSorted();
  }

  modelPath(name: string): string {
    return join(this.scratch.models, fileName(name));
  }

  notePath(folder: string, file: string): string {
    return join(this.scratch.models, '.whisper', folder, file);
  }

  remove(name: string): void {
    rmSync(this.modelPath(name), { recursive: true, force: true });
  }

  /** Puts something there as another program would, in place of what has the name. Returns its time. */
  put(name: string, kind: Thing['kind']): number {
    const path = this.modelPath(name);
    const { content } = sample(name);
    this.remove(name);
    if (kind === 'folder') {
      mkdirSync(path);
      writeFileSync(join(path, 'a file'), content);
    } else if (kind === 'dangling') symlinkSync(join(this.scratch.path, 'nowhere'), path);
    else if (kind === 'link') symlinkSync(this.scratch.write(`elsewhere/${name}`, content), path);
    else
      writeFileSync(
        path,
        kind === 'short' ? content.subarray(0, 500) : kind === 'corrupt' ? spoiled(content) : content,
      );
    // No two files of one name have the same time, so that it is clear of which of them a record is.
    this.#clock += 1;
    if (kind !== 'dangling') utimesSync(path, this.#clock, this.#clock);
    return lstatSync(path).mtimeMs;
  }

  /** What has the name, by its bytes. */
  thing(name: string): Omit<Thing, 'noted'> | undefined {
    const path = this.modelPath(name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    const isPublished = found.isFile() && (found.mode & 0o777) === 0o444;
    return { kind: this.#kind(name, path), published: isPublished, mtime: found.mtimeMs };
  }

  #kind(name: string, path: string): Thing['kind'] {
    const found = lstatSync(path);
    if (found.isDirectory()) return 'folder';
    if (found.isSymbolicLink()) return existsSync(path) ? 'link' : 'dangling';
    const { content } = sample(name);
    const bytes = readFileSync(path);
    if (bytes.equals(content)) return name === OWN ? 'own' : 'right';
    return bytes.length < content.length ? 'short' : 'corrupt';
  }

  /** The names in the folder. */
  names(): readonly string[] {
    const names = readdirSync(this.scratch.models).filter((name) => name !== '.whisper' && !ASIDE.test(name));
    return names.map(shortNameOf).toSorted();
  }

  /** How many files a repair gave another name. */
  aside(): number {
    return readdirSync(this.scratch.models).filter((name) => ASIDE.test(name)).length;
  }

  partials(): readonly string[] {
    const files = this.notes('partial').filter((name) => name.endsWith('.part'));
    return files.map((name) => shortNameOf(name.slice(0, -'.part'.length)));
  }

  roots(): readonly Letter[] {
    const files = this.notes('roots').map((name) => readFileSync(this.notePath('roots', name), 'utf8'));
    return (['A', 'B'] as const).filter((letter) => files.some((text) => text.includes(`/${letter}.nix"`)));
  }

  notes(folder: string): readonly string[] {
    const path = join(this.scratch.models, '.whisper', folder);
    return existsSync(path) ? readdirSync(path) : [];
  }

  /** The records that claim to be of a file as it is now, and are wrong about its bytes. */
  lies(): readonly string[] {
    return this.notes('records').filter((note) => {
      const path = join(this.scratch.models, note.slice(0, -'.json'.length));
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      const text = readFileSync(this.notePath('records', note), 'utf8');
      if (!found?.isFile() || text === SPOILED_NOTE) return false;
      const { hashed, ...record } = JSON.parse(text) as Record<string, unknown>;
      const actual = createHash('sha256').update(readFileSync(path)).digest('hex');
      // What was hashed later is what counts.
      const said = [hashed, record].find((each) => isOf(each as object | undefined, found));
      return said !== undefined && (said as { sha256: string }).sha256 !== actual;
    });
  }

  /** Everything that can be seen without reading bytes, to tell that nothing moved. */
  glance(): string {
    const { path, models } = this.scratch;
    const seen = readdirSync(models, { recursive: true, encoding: 'utf8' }).map((name) => join(models, name));
    // Locking the folder writes to the file of the lock.
    const files = [...seen, this.registry('A'), this.registry('B')]
      .filter((file) => !file.endsWith('/.whisper/lock'))
      .toSorted();
    return files
      .map((file) => {
        const found = lstatSync(file, { throwIfNoEntry: false });
        const facts = found?.isDirectory() ? [found.mode] : [found?.mode, found?.ino, found?.size, found?.mtimeMs];
        return `${file.slice(path.length)} ${facts.join(' ')}`;
      })
      .join('\n');
  }
}

const ASIDE = /\.bin\.old\d*$/;

/** Whether a note is of a file as it is now. */
function isOf(note: object | undefined, found: BigIntStats): boolean {
  const { size, inode, mtime } = { ...note } as Record<string, unknown>;
  return size === Number(found.size) && inode === String(found.ino) && mtime === statTime(found);
}

function statTime({ mtimeNs }: BigIntStats): string {
  return new Date(Math.round(Number(mtimeNs) / 1e6)).toISOString();
}

export const SPOILED_NOTE = '{"file":';

function spoiled(content: Buffer): Buffer {
  return Buffer.concat([content.subarray(0, -1), Buffer.from([(content.at(-1) ?? 0) ^ 1])]);
}
