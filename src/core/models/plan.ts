import type { Candidate } from './adoption.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { ModelRecord } from './record.ts';

/** A file of a model's name in the models directory. */
export interface ModelFile {
  readonly name: string;
  readonly size: number;
  /** ISO 8601. */
  readonly mtime: string;
  /** A symbolic link, put there by somebody else: usable, never removed. */
  readonly isLink: boolean;
  readonly record: ModelRecord | undefined;
}

/** What is there: the model files, the unfinished downloads, and the bytes free on their file system. */
export interface Actual {
  readonly files: readonly ModelFile[];
  readonly partials: readonly { readonly name: string; readonly size: number; readonly received: number }[];
  readonly free: number;
}

/** What should be there. */
export interface Desired {
  /** The names of this registry's list. */
  readonly active: readonly string[];
  /** Names that other registries with the same models directory list. */
  readonly elsewhere: readonly string[];
  /** Names to be fetched. */
  readonly wanted: readonly string[];
  /** Files that are there are fetched again. */
  readonly refetch: boolean;
  readonly prune: boolean;
  /** Files that cannot be had again may go too. */
  readonly unmanaged: boolean;
}

export interface Sized {
  readonly name: string;
  readonly size: number;
}

/** What would be fetched, kept, removed and refused, before anything happens. */
export interface Plan {
  /** `received`: bytes of an earlier run that count; `toWrite`: bytes of space that it still takes. */
  readonly fetch: readonly { readonly entry: CatalogueEntry; readonly received: number; readonly toWrite: number }[];
  /** Wanted, and the bytes are probably elsewhere on this machine: the best source first. */
  readonly adopt: readonly {
    readonly entry: CatalogueEntry;
    readonly sources: readonly Candidate[];
    readonly toWrite: number;
  }[];
  /** Wanted and here already. */
  readonly present: readonly string[];
  readonly kept: readonly string[];
  readonly prune: readonly Sized[];
  readonly unmanaged: readonly (Sized & { readonly reason: string })[];
  /** Unfinished downloads that nobody wants any more. */
  readonly stalePartials: readonly Sized[];
  /** Wanted, but a file of another size that cannot be had again has the name. */
  readonly blocked: readonly (Sized & { readonly expected: number })[];
  /** Wanted, but not in the catalogue and not here. */
  readonly unknown: readonly string[];
  /** Bytes. `needed`: still to be written; `freed`: by pruning; `free`: now. */
  readonly needed: number;
  readonly freed: number;
  readonly free: number;
}

/** Compares what is there with what should be. Pure: applying the plan is somebody else's work. */
export function makePlan(desired: Desired, actual: Actual, catalogue: Catalogue): Plan {
  const listed = new Set([...desired.active, ...desired.elsewhere, ...desired.wanted]);
  const files = new Map(actual.files.map((file) => [file.name, file]));
  const partials = new Map(actual.partials.map((partial) => [partial.name, partial]));
  const fetch: Plan['fetch'][number][] = [];
  // What an unfinished download takes up is its own to fill again, whatever of it counts.
  const toWrite = ({ file, size = 0 }: CatalogueEntry): number => Math.max(0, size - (partials.get(file)?.size ?? 0));
  const blocked: Plan['blocked'][number][] = [];
  const present: string[] = [];
  const unknown: string[] = [];
  for (const name of new Set(desired.wanted)) {
    const file = files.get(name);
    const entry = catalogue.get(name);
    const expected = entry?.size;
    const isRight = file !== undefined && (expected === undefined || expected === file.size);
    if (isRight && !desired.refetch) present.push(name);
    else if (!entry) (file ? present : unknown).push(name);
    else if (file && expected !== undefined && !isRight && !desired.refetch)
      blocked.push({ name, size: file.size, expected });
    else fetch.push({ entry, received: partials.get(name)?.received ?? 0, toWrite: toWrite(entry) });
  }
  const sorted = actual.files.toSorted((a, b) => compare(a.name, b.name));
  const unlisted = sorted.filter((file) => !listed.has(file.name));
  const removable = (file: ModelFile): boolean => !file.isLink && (desired.unmanaged || isManaged(file, catalogue));
  const prune = desired.prune ? unlisted.filter(removable).map(sized) : [];
  const stalePartials = desired.prune ? actual.partials.filter(({ name }) => !listed.has(name)).map(sized) : [];
  return {
    fetch,
    adopt: [],
    present,
    kept: sorted.filter((file) => listed.has(file.name)).map(({ name }) => name),
    prune,
    unmanaged: unlisted
      .filter((file) => !isManaged(file, catalogue) && !prune.some(({ name }) => name === file.name))
      .map((file) => ({ ...sized(file), reason: unmanagedReason(file, catalogue) })),
    stalePartials,
    blocked,
    unknown,
    needed: fetch.reduce((sum, each) => sum + each.toWrite, 0),
    freed: [...prune, ...stalePartials].reduce((sum, { size }) => sum + size, 0),
    free: actual.free,
  };
}

/** Re-downloadable for certain: the program's record is of these very bytes, or name and exact size are in the catalogue. */
export function isManaged(file: ModelFile, catalogue: Catalogue): boolean {
  return !file.isLink && (isRecorded(file) || catalogue.get(file.name)?.size === file.size);
}

/** Whether the record is of the file as it is now, not of one that was there before. */
export function isRecorded(file: ModelFile): boolean {
  return (
    !file.isLink && file.record !== undefined && file.record.size === file.size && file.record.mtime === file.mtime
  );
}

function unmanagedReason(file: ModelFile, catalogue: Catalogue): string {
  if (file.isLink) return 'a symbolic link';
  const entry = catalogue.get(file.name);
  if (entry?.size === undefined) return 'not in the catalogue, and not fetched by whisper';
  return `its size is not the catalogue's ${entry.size} bytes`;
}

function sized({ name, size }: Sized): Sized {
  return { name, size };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
