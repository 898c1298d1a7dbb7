import { width } from '../../adapters/terminal/cells.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { diskOf, shortfallOf } from '../../core/plan/outcome.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { count, formatBytes } from '../../core/quantity.ts';

/** What a download of the chosen models would do, as text. */
export interface PlanPreview {
  readonly fetch: string;
  readonly remove: string;
  readonly removes: boolean;
  readonly disk: string;
  /** Why it cannot be done; `undefined`: it can be. */
  readonly trouble: string | undefined;
}

/** A plan as three lines of at most `room` cells; names that do not fit are counted. */
export function previewOf(plan: Plan, isPruning: boolean, room: number): PlanPreview {
  const trouble = troubleOf(plan);
  const { needed } = plan;
  return {
    fetch: firstThatFits([fetchText(plan, namesOf), fetchText(plan, numberOf)], room),
    remove: isPruning
      ? firstThatFits([removeText(plan, namesOf), removeText(plan, numberOf)], room)
      : 'nothing (--no-prune)',
    removes: plan.freed > 0,
    disk: trouble ?? `needs ${formatBytes(needed)}, leaves ${formatBytes(Math.max(0, diskOf(plan).left))} free`,
    trouble,
  };
}

function troubleOf(plan: Plan): string | undefined {
  const [blocked] = plan.blocked;
  if (blocked) return `a different ${shortName(blocked.name)} already exists`;
  const short = shortfallOf(plan);
  return short > 0 ? `does not fit: ${formatBytes(short)} short` : undefined;
}

type Naming = (files: readonly string[]) => string;

const namesOf: Naming = (files) => files.map(shortName).join(', ');
const numberOf: Naming = (files) => count(files.length, 'model');

function fetchText({ fetch, adopt, present }: Plan, naming: Naming): string {
  const bytes = fetch.reduce((sum, { entry, received }) => sum + Math.max(0, (entry.size ?? 0) - received), 0);
  const parts = [
    part(fetch.map(nameOf), (names) => `${naming(names)} (${bytesOf(bytes, fetch.map(entryOf))})`),
    part(adopt.map(nameOf), (names) => `${naming(names)} from this machine`),
    part(present, (names) => `${naming(names)} already on disk`),
  ].filter((text) => text !== '');
  return parts.length > 0 ? parts.join('; ') : 'nothing';
}

/** A size that only the hub knows is not guessed. */
function bytesOf(bytes: number, entries: readonly CatalogueEntry[]): string {
  if (entries.every(({ size }) => size !== undefined)) return formatBytes(bytes);
  return bytes === 0 ? 'size unknown' : `more than ${formatBytes(bytes)}`;
}

function removeText({ prune, stalePartials, expired, inUse, unverified, freed }: Plan, naming: Naming): string {
  const parts = [
    part(
      prune.map(({ name }) => name),
      naming,
    ),
    part(stalePartials, ({ length }) => count(length, 'unfinished download')),
    part(expired, ({ length }) => count(length, 'undo leftover')),
  ].filter((text) => text !== '');
  const hashed = part(
    unverified.map(({ name }) => name),
    (names) => `; ${naming(names)} unverified, hashed first`,
  );
  const users = part(
    inUse.map(({ name }) => name),
    (names) => `; ${naming(names)} in use, kept`,
  );
  return `${parts.length > 0 ? `${parts.join(', ')} (${formatBytes(freed)})` : 'nothing'}${hashed}${users}`;
}

function part<T>(things: readonly T[], text: (things: readonly T[]) => string): string {
  return things.length === 0 ? '' : text(things);
}

function firstThatFits(texts: readonly [string, string], room: number): string {
  return width(texts[0]) <= room ? texts[0] : texts[1];
}

function nameOf({ entry }: { readonly entry: CatalogueEntry }): string {
  return entry.file;
}

function entryOf({ entry }: { readonly entry: CatalogueEntry }): CatalogueEntry {
  return entry;
}
