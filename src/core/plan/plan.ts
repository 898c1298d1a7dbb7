import type { CatalogueEntry } from '../catalogue/entries.ts';
import type { WhisperError } from '../errors.ts';
import type { UnfinishedDownload } from '../state/journal.ts';
import type { FileStamp, HashedFile, ModelRecord } from '../state/record.ts';
import type { User } from './users.ts';

/** A file of a model's name in the models directory. */
export interface ModelFile extends FileStamp {
  readonly name: string;
  /** A symbolic link, which the program never makes: usable, never removed. */
  readonly isLink: boolean;
  readonly record: ModelRecord | undefined;
  /** Its sha256, where that is neither the record's nor the catalogue's. */
  readonly hashed: HashedFile | undefined;
}

/** The state of the disk: the model files with their state files, and the bytes free on their file system. */
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

/** What the lists and the options ask for. */
export interface Desired {
  /** The names of this registry's list. */
  readonly active: readonly string[];
  /** Names that other registries with the same models directory list; `undefined`: not known, so that nothing is purged. */
  readonly elsewhere: readonly string[] | undefined;
  readonly wanted: readonly string[];
  /** Whether wanted models are fetched although a file has their name: all, or these. */
  readonly refetch: boolean | ReadonlySet<string>;
  readonly prune: boolean;
  /** Whether files that cannot be downloaded again may be removed too. */
  readonly unmanaged: boolean;
  /** The processes that use files, by file name: those files stay. */
  readonly users: ReadonlyMap<string, readonly User[]>;
}

export interface Sized {
  readonly name: string;
  readonly size: number;
}

/** A reason not to prune: an error that prune ends with. */
export interface Refusal {
  readonly error: WhisperError;
  /** Managed files that no registry lists. */
  readonly files: readonly Sized[];
}

/** What would be fetched, kept, removed and refused, before anything happens. */
export interface Plan {
  /** `received`: bytes of an earlier run that count; `toWrite`: bytes of space that it still takes. */
  readonly fetch: readonly { readonly entry: CatalogueEntry; readonly received: number; readonly toWrite: number }[];
  /** Wanted, and probably elsewhere on this machine: the best source first. */
  readonly adopt: readonly {
    readonly entry: CatalogueEntry;
    readonly sources: readonly LocalCopy[];
    readonly toWrite: number;
  }[];
  readonly present: readonly string[];
  readonly kept: readonly string[];
  readonly prune: readonly Sized[];
  /** Listed nowhere, and pruned if hashing them shows that they have the catalogue's bytes. */
  readonly unverified: readonly Sized[];
  /** Would be pruned, but a process uses them. */
  readonly inUse: readonly (Sized & { readonly users: readonly User[] })[];
  /** Models that a watch session pruned a moment ago, and that are listed again. */
  readonly restore: readonly string[];
  /** Pruned by a watch session that has ended. */
  readonly expired: readonly Sized[];
  /** Pruned by a running watch session, which can still restore them unless a download needs the space. */
  readonly reserve: readonly Sized[];
  readonly unmanaged: readonly (Sized & { readonly reason: string })[];
  /** Why pruning is refused; `undefined`: it is not. */
  readonly refusal: Refusal | undefined;
  /** Running downloads, listed or not: never stale. */
  readonly running: readonly Sized[];
  /** Unfinished downloads that no registry lists any more. */
  readonly stalePartials: readonly Sized[];
  /** Wanted, but a file with other bytes has the name. `isOwn`: the program downloaded that file. */
  readonly blocked: readonly (Sized & { readonly expected: number; readonly isOwn: boolean })[];
  /** Wanted, but not in the catalogue and not here. */
  readonly unknown: readonly string[];
  /**
   * Bytes. `needed`: still to be written; `freed`: by pruning; `replaced`: freed when new files replace old ones;
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
  readonly name: string;
  /** Absolute, links followed. */
  readonly path: string;
  /** Whether it is on the file system of the models directory and never written again, so that a hard link will do. */
  readonly mayLink: boolean;
}

/** Files that a watch session pruned and can still restore, or that a crashed session left behind. */
export interface TrashState {
  readonly files: readonly ModelFile[];
  /** Whether a session is running that will restore or free the files; else the next command does. */
  readonly isHeld: boolean;
}
