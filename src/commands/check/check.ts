import { findLockFile } from '../../adapters/registry/lockfile.ts';
import { TRIES } from '../../adapters/registry/text-file.ts';
import { writeFixes } from '../../adapters/registry/write-registry.ts';
import { isModelFile } from '../../core/catalogue/names.ts';
import { lintLock } from '../../core/lockfile/lint.ts';
import { savedDuringEdit } from '../../core/messages/busy.ts';
import type { ModelFile, Plan } from '../../core/plan/plan.ts';
import { lint, type Diagnostic, type Finding } from '../../core/registry/lint.ts';
import { isComputed } from '../../core/registry/list.ts';
import { asEvaluated, asRegistry, type Registry, withModelNames } from '../../core/registry/registry.ts';
import { lintSources } from '../../core/registry/sources/lint.ts';
import { openPurged } from '../apply/open-purged.ts';
import { planToShow } from '../plan/plan.ts';
import { openCatalogue } from '../session/pins.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession, type Session } from '../session/session.ts';

interface CheckOptions extends CommonOptions {
  /** Writes the clear fixes into the file first. */
  readonly fix: boolean;
}

export interface CheckResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly drift: {
    /** Active and not on the disk. */
    readonly missing: readonly string[];
    /** On the disk, managed, and listed nowhere: what prune would remove. */
    readonly extra: readonly string[];
  };
  readonly plan: Plan;
  readonly fixed: readonly Finding[];
  /** Models whose source has got a hash and a size. */
  readonly completed: readonly string[];
}

/** Lints the registry and compares it with the disk. Nothing is fetched or removed. */
export async function check(context: Context, options: CheckOptions): Promise<CheckResult> {
  const completed = options.fix ? await complete(context, options) : [];
  for (let attempt = 1; ; attempt += 1) {
    const session = await openPurged(context, options, REPORTED);
    const result = await checkSession(context, session, options.fix);
    if (result) return { ...result, completed };
    if (attempt === TRIES) throw savedDuringEdit(session.registry.file);
  }
}

/** Sources that contradict other pins are among the diagnostics. */
const REPORTED = { reportsConflicts: true };

async function complete(context: Context, options: CheckOptions): Promise<readonly string[]> {
  const session = await openSession(context, options, REPORTED);
  // What asks the hub is loaded only where a source lacks something.
  if (!session.registry.sources) return [];
  return (await import('./complete-sources.ts')).completeSources(context, session);
}

/** `undefined`: another process saved the file before the fixes could be written. */
async function checkSession(
  context: Context,
  session: Session,
  wantsFix: boolean,
): Promise<Omit<CheckResult, 'completed'> | undefined> {
  const actual = await session.modelsDir.scan();
  const onDisk = new Set(actual.files.map(({ name }) => name));
  const look = (registry: Registry): readonly Finding[] => [...lint(registry, session.catalogue, onDisk)];
  const found = look(session.registry);
  const after = wantsFix ? await fix(session, found) : { registry: session.registry, fixed: [] };
  if (!after) return undefined;
  const { registry, fixed } = after;
  const active = new Set(registry.entries.map(({ name }) => name).filter(isModelFile));
  const names = [...active].map((name) => ({ name }));
  const { plan } = await planToShow(context, { ...session, registry, active: names });
  const extra = [...plan.prune, ...plan.inUse, ...(plan.refusal?.files ?? [])].map(({ name }) => name).toSorted();
  return {
    diagnostics: [
      ...(fixed.length > 0 ? look(registry) : found).map(({ diagnostic }) => diagnostic),
      ...lintSources(registry, session.conflicts),
      ...diagnoseLock(context, registry, actual.files),
    ],
    drift: { missing: [...active].filter((name) => !onDisk.has(name)), extra },
    plan,
    fixed,
  };
}

function diagnoseLock({ host }: Context, registry: Registry, files: readonly ModelFile[]): readonly Diagnostic[] {
  const { path, text } = findLockFile(registry.file);
  return text === undefined ? [] : lintLock({ path, text }, registry, openCatalogue(host), files);
}

/** Writes the clear fixes. Returns the fixed registry, without evaluating it again. */
async function fix(
  { read, registry, nameOf }: Session,
  findings: readonly Finding[],
): Promise<{ readonly registry: Registry; readonly fixed: readonly Finding[] } | undefined> {
  if (findings.every((finding) => !finding.fix)) return { registry, fixed: [] };
  const written = await writeFixes(read, registry.text, findings);
  if (!written || written.fixed.length === 0) return written && { registry, fixed: [] };
  const { reading, fixed } = written;
  const after = asRegistry(reading);
  const fixedRegistry = isComputed(after) ? asEvaluated(reading, fixedNames(registry, fixed)) : after;
  return { registry: { ...withModelNames(fixedRegistry, nameOf), modelsDir: registry.modelsDir }, fixed };
}

function fixedNames({ entries }: Registry, fixed: readonly Finding[]): readonly string[] {
  const fixes = new Map(fixed.map((finding) => [finding.entry.start, finding.fix]));
  return entries.flatMap(({ value, span }) => {
    const own = span && fixes.get(span.start);
    if (!own) return [value];
    return own.kind === 'rename' ? [own.to] : [];
  });
}
