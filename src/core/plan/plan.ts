import type { CatalogueEntry } from '../catalogue/entries.ts';
import type { WhisperError } from '../errors.ts';
import type { UnfinishedDownload } from '../state/journal.ts';
import type { FileStamp, HashedFile, ModelRecord } from '../state/record.ts';
import type { User } from './users.ts';

/** A file of a model's name in the models directory. */
export interface ModelFile extends FileStamp {
  readonly name: string;
  /** A symbolic link, put there by somebody else: usable, never removed. */
  readonly isLink: boolean;
  readonly record: ModelRecord | undefined;
  /** What hashing it told, where that is neither the record's nor the catalogue's sha256. */
  readonly hashed: HashedFile | undefined;
}

/** What is there: the model files and what belongs to them, and the bytes free on their file system. */
export interface Actual {
  readonly files: readonly ModelFile[];
  readonly undo: TrashState;
  readonly partials: readonly UnfinishedDownload[];
  /** Names of models that there is a record of, readable or not. */
  readonly recorded: ReadonlySet<string>;
  /** Records and journals that cannot be read: they count as absent. */
  readonly damaged: readonly string[];
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
  /** Whether wanted models are fetched although a file has their name: all, or these. */
  readonly refetch: boolean | ReadonlySet<string>;
  readonly prune: boolean;
  /** Files that cannot be had again may go too. */
  readonly unmanaged: boolean;
  /** Who uses which files: those stay. */
  readonly users: ReadonlyMap<string, readonly User[]>;
}

export interface Sized {
  readonly name: string;
  readonly size: number;
}

/** A reason not to prune: an error that prune ends with. */
export interface Refusal {
  readonly error: WhisperError;
  /** Managed files that nobody lists. */
  readonly files: readonly Sized[];
}

/** What would be fetched, kept, removed and refused, before anything happens. */
export interface Plan {
  /** `received`: bytes of an earlier run that count; `toWrite`: bytes of space that it still takes. */
  readonly fetch: readonly { readonly entry: CatalogueEntry; readonly received: number; readonly toWrite: number }[];
  /** Wanted, and the bytes are probably elsewhere on this machine: the best source first. */
  readonly adopt: readonly {
    readonly entry: CatalogueEntry;
    readonly sources: readonly LocalCopy[];
    readonly toWrite: number;
  }[];
  /** Wanted and here already. */
  readonly present: readonly string[];
  readonly kept: readonly string[];
  readonly prune: readonly Sized[];
  /** Listed nowhere, and pruned if hashing them shows that they have the catalogue's bytes. */
  readonly unverified: readonly Sized[];
  /** Would be pruned, and somebody uses them. */
  readonly inUse: readonly (Sized & { readonly users: readonly User[] })[];
  /** Pruned by a watch session a moment ago, and listed again: models. */
  readonly restore: readonly string[];
  /** Pruned by a watch session that is no more. */
  readonly expired: readonly Sized[];
  /** Pruned by a watch session that could still give them back, unless a download needs the space. */
  readonly reserve: readonly Sized[];
  readonly unmanaged: readonly (Sized & { readonly reason: string })[];
  /** Why nothing is pruned although something would be; `undefined`: it is not refused. */
  readonly refusal: Refusal | undefined;
  /** Downloads that are running, whoever lists them: never stale. */
  readonly running: readonly Sized[];
  /** Unfinished downloads that nobody wants any more. */
  readonly stalePartials: readonly Sized[];
  /** Wanted, but a file with other bytes has the name: one that cannot be had again, or `isOwn`: it was fetched before. */
  readonly blocked: readonly (Sized & { readonly expected: number; readonly isOwn: boolean })[];
  /** Wanted, but not in the catalogue and not here. */
  readonly unknown: readonly string[];
  /**
   * Bytes. `needed`: still to be written; `freed`: by pruning; `replaced`: freed as new files take the place of old ones;
   * `used`: by the models directory now; `free`: on its disk now.
   */
  readonly needed: number;
  readonly freed: number;
  readonly replaced: number;
  readonly used: number;
  readonly free: number;
}

/** A file elsewhere on this machine that may have the bytes of a model: it has the exact size. */
export interface LocalCopy {
  /** The model's file name. */
  readonly name: string;
  /** Absolute, links followed. */
  readonly path: string;
  /** Whether it is on the file system of the models directory and never written again, so that a hard link will do. */
  readonly mayLink: boolean;
}

/** What a watch session pruned and can still give back, or a session that crashed left behind. */
export interface TrashState {
  readonly files: readonly ModelFile[];
  /** Whether a session is there that will give it back or free it; else whoever comes next does. */
  readonly isHeld: boolean;
}

export const EMPTY_TRASH: TrashState = { files: [], isHeld: false };
