import type { WhisperError } from '../errors.ts';
import type { Candidate } from './adoption.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { FileStamp, HashedFile, ModelRecord } from './record.ts';
import { isRecorded, managedState, mayBe, unmanagedReason } from './managed.ts';
import type { UnfinishedDownload } from './journal.ts';
import { totalSize } from '../quantity.ts';
import { planUndo, type Undo } from './undo.ts';
import type { User } from './usage.ts';

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
  readonly undo: Undo;
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
  /** Files that are there are fetched again. */
  readonly refetch: boolean;
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
    readonly sources: readonly Candidate[];
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

/** Compares what is there with what should be. Pure: applying the plan is somebody else's work. */
export function makePlan(desired: Desired, actual: Actual, catalogue: Catalogue): Plan {
  const listed = new Set([...desired.active, ...desired.elsewhere, ...desired.wanted]);
  const taken = new Set(actual.files.map(({ name }) => name));
  const undo = planUndo(actual.undo, listed, taken);
  const files = [...actual.files, ...undo.restore].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const unlisted = files.filter((file) => !listed.has(file.name));
  const states = new Map(unlisted.map((file) => [file.name, managedState(file, catalogue)]));
  const mayGo = unlisted.filter(
    ({ name, isLink }) => !isLink && (desired.unmanaged || states.get(name) !== 'unmanaged'),
  );
  const unused = desired.prune ? mayGo.filter(({ name }) => !desired.users.has(name)) : [];
  const needsHash = ({ name }: ModelFile): boolean => !desired.unmanaged && states.get(name) === 'unverified';
  const prune = unused.filter((file) => !needsHash(file));
  const going = new Set(prune.map(({ name }) => name));
  const stalePartials = desired.prune
    ? actual.partials.filter(({ name, isRunning }) => !isRunning && !listed.has(name)).map(sized)
    : [];
  const expired = desired.prune ? undo.expired : [];
  const wanted = planWanted(desired, files, actual.partials, catalogue);
  return {
    ...wanted,
    adopt: [],
    kept: files.filter((file) => listed.has(file.name)).map(({ name }) => name),
    prune: prune.map(sized),
    unverified: unused.filter(needsHash).map(sized),
    inUse: mayGo.flatMap((file) => {
      const users = desired.prune ? desired.users.get(file.name) : undefined;
      return users ? [{ ...sized(file), users }] : [];
    }),
    restore: undo.restore.map(({ name }) => name),
    expired,
    reserve: undo.reserve,
    unmanaged: unlisted
      .filter(({ name }) => states.get(name) === 'unmanaged' && !going.has(name))
      .map((file) => ({ ...sized(file), reason: unmanagedReason(file, catalogue) })),
    running: actual.partials.filter(({ isRunning }) => isRunning).map(sized),
    stalePartials,
    refusal: undefined,
    needed: totalSize(wanted.fetch.map(({ toWrite }) => ({ size: toWrite }))),
    freed: totalSize([...prune, ...stalePartials, ...expired]),
    used: totalSize([...actual.files, ...actual.partials, ...actual.undo.files]),
    free: actual.free,
  };
}

/** What is to be done about each name that is wanted. */
function planWanted(
  desired: Desired,
  there: readonly ModelFile[],
  unfinished: Actual['partials'],
  catalogue: Catalogue,
): Pick<Plan, 'fetch' | 'present' | 'blocked' | 'unknown' | 'replaced'> {
  const files = new Map(there.map((file) => [file.name, file]));
  const partials = new Map(unfinished.map((partial) => [partial.name, partial]));
  const fetch: Plan['fetch'][number][] = [];
  // What an unfinished download takes up is its own to fill again, whatever of it counts.
  const toWrite = ({ file, size = 0 }: CatalogueEntry): number => Math.max(0, size - (partials.get(file)?.size ?? 0));
  const blocked: Plan['blocked'][number][] = [];
  const present: string[] = [];
  const unknown: string[] = [];
  for (const name of new Set(desired.wanted)) {
    const file = files.get(name);
    const entry = catalogue.get(name);
    if (!entry) (file ? present : unknown).push(name);
    else if (file && !desired.refetch && mayBe(file, entry)) present.push(name);
    else if (file && !desired.refetch)
      blocked.push({ ...sized(file), expected: entry.size ?? file.size, isOwn: isRecorded(file) });
    else fetch.push({ entry, received: partials.get(name)?.received ?? 0, toWrite: toWrite(entry) });
  }
  const replaced = totalSize(fetch.flatMap(({ entry }) => files.get(entry.file) ?? []));
  return { fetch, present, blocked, unknown, replaced };
}

function sized({ name, size }: Sized): Sized {
  return { name, size };
}
