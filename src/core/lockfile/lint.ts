import type { Catalogue } from '../catalogue/catalogue.ts';
import type { PinnedEntry } from '../catalogue/entries.ts';
import { isSameOrigin } from '../catalogue/origin.ts';
import { isModelFile } from '../catalogue/names.ts';
import { activeNotPinned, differsFromPin, pinContradictsCatalogue, pinnedNotActive } from '../messages/diagnostics.ts';
import { matchesEntry } from '../plan/managed.ts';
import type { ModelFile } from '../plan/plan.ts';
import { Positions } from '../registry/diagnostic.ts';
import type { Diagnostic } from '../registry/lint.ts';
import { activeEntries, type Registry } from '../registry/registry.ts';
import { lockedEntries } from './update.ts';

const LOCK = 'whisper lock';
const REPAIR = 'whisper verify --repair';

/**
 * Compares a lock file with the list that it belongs to, with the catalogue (without its own entries), and with the files that
 * are there. Throws `bad-lock-file` where it cannot be read for certain.
 */
export function lintLock(
  { path, text }: { readonly path: string; readonly text: string },
  registry: Registry,
  catalogue: Catalogue,
  files: readonly ModelFile[] = [],
): readonly Diagnostic[] {
  const locked = lockedEntries(path, text);
  const names = new Set(locked.map(({ pin }) => pin.file));
  const first = new Map(
    activeEntries(registry)
      .map((entry) => [entry.name, entry] as const)
      .toReversed(),
  );
  const inList = new Positions(registry.text);
  const missing = [...first.values()]
    .filter(({ name }) => isModelFile(name) && !names.has(name))
    .toSorted((a, b) => a.start - b.start)
    .map(({ name, start }): Diagnostic => {
      const message = activeNotPinned(name);
      const found = { severity: 'warning', code: 'lock-missing', message, suggestion: LOCK } as const;
      return { file: registry.file, ...inList.at(start), ...found };
    });
  const inLock = new Positions(text);
  const others = locked.flatMap(({ pin, start }): readonly Diagnostic[] => {
    const file = files.find(({ name }) => name === pin.file);
    const found =
      contradiction(pin, catalogue.get(pin.file)) ?? (first.has(pin.file) ? otherThan(pin, file) : extra(pin));
    return found ? [{ file: path, ...inLock.at(start), ...found }] : [];
  });
  return [...missing, ...others];
}

type Found = Omit<Diagnostic, 'file' | 'line' | 'column'>;

function extra({ file }: PinnedEntry): Found {
  return { severity: 'warning', code: 'lock-extra', message: pinnedNotActive(file), suggestion: LOCK };
}

function otherThan(pin: PinnedEntry, file: ModelFile | undefined): Found | undefined {
  if (!file || matchesEntry(file, { ...pin, pinnedBy: 'lock file' })) return undefined;
  return { severity: 'error', code: 'lock-other-bytes', message: differsFromPin(pin.file), suggestion: REPAIR };
}

/** One commit has one file of a name: where two pins of it differ, one of them is wrong. */
function contradiction(pin: PinnedEntry, known: ReturnType<Catalogue['get']>): Found | undefined {
  if (!known || !isSameOrigin(known, pin)) return undefined;
  const differs = (['size', 'sha256'] as const).flatMap((field) => {
    const value = known[field] ?? pin[field];
    return value === pin[field] ? [] : [[field, value] as const];
  });
  if (differs.length === 0) return undefined;
  const message = pinContradictsCatalogue(pin.file, differs);
  return { severity: 'error', code: 'lock-contradicts-catalogue', message, suggestion: LOCK };
}
