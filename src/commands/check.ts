import { writeFixes } from '../adapters/registry-write.ts';
import { isModelFile } from '../core/models/name.ts';
import { isComputed } from '../core/registry/list.ts';
import { lint, type Diagnostic, type Finding } from '../core/registry/lint.ts';
import { asEvaluated, asRegistry, type Registry } from '../core/registry/registry.ts';
import { prunable } from './plan-session.ts';
import { openSession, type CommonOptions, type Context, type Session } from './session.ts';

export interface CheckOptions extends CommonOptions {
  /** Writes the sure fixes into the file first. */
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
  /** What was mended in the file. */
  readonly fixed: readonly Diagnostic[];
}

/** Lints the registry and compares it with the disk. Nothing is fetched or removed. */
export async function check(context: Context, options: CheckOptions): Promise<CheckResult> {
  const session = await openSession(context, options);
  const actual = session.modelsDir.scan();
  const onDisk = new Set(actual.files.map(({ name }) => name));
  const look = (registry: Registry): readonly Finding[] => [...lint(registry, session.catalogue, onDisk)];
  const { registry, fixed } = options.fix
    ? await fix(session, look(session.registry))
    : { registry: session.registry, fixed: [] };
  const active = new Set(registry.entries.map(({ value }) => value).filter(isModelFile));
  const extra = await prunable(context, { ...session, registry, active: [...active] }, actual);
  return {
    diagnostics: look(registry).map(({ diagnostic }) => diagnostic),
    drift: { missing: [...active].filter((name) => !onDisk.has(name)), extra: extra.map(({ name }) => name) },
    fixed: fixed.map(({ diagnostic }) => diagnostic),
  };
}

/** Writes the sure fixes; gives what the registry is then, without asking Nix again. */
async function fix(
  { read, registry }: Session,
  findings: readonly Finding[],
): Promise<{ readonly registry: Registry; readonly fixed: readonly Finding[] }> {
  const { reading, fixed } = await writeFixes(read, registry.text, findings);
  if (fixed.length === 0) return { registry, fixed };
  const after = asRegistry(reading);
  const mended = isComputed(after) ? asEvaluated(reading, mendedNames(registry, fixed)) : after;
  return { registry: { ...mended, modelsDir: registry.modelsDir }, fixed };
}

function mendedNames({ entries }: Registry, fixed: readonly Finding[]): readonly string[] {
  return entries.flatMap(({ value, span }) => {
    const finding = fixed.find(({ entry }) => span && entry.start === span.start);
    if (!finding?.fix) return [value];
    return finding.fix.kind === 'rename' ? [finding.fix.to] : [];
  });
}
