import { rootMissing } from '../../core/messages/roots.ts';
import { isManaged, knownHash } from '../../core/plan/managed.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Registry } from '../../core/registry/registry.ts';
import { openPurged } from '../apply/open-purged.ts';
import { planToShow, warnOfMistakes } from '../plan/plan.ts';
import type { Others } from '../session/roots.ts';
import type { CommonOptions, Context } from '../session/context.ts';

export interface ListedModel {
  readonly name: string;
  readonly active: boolean;
  readonly downloaded: boolean;
  readonly managed: boolean;
  /** Bytes; `null`: neither the disk nor the catalogue has it. */
  readonly size: number | null;
  readonly sha256: string | null;
  readonly path: string | null;
  /** Line of the entry in the registry, from 1. */
  readonly line: number | null;
}

export interface ListResult {
  readonly registry: { readonly file: string; readonly source: Registry['source']; readonly active: readonly string[] };
  /** Under which condition the list is defined, like "`else` of `isCI`". */
  readonly condition: string | undefined;
  readonly modelsDir: string;
  readonly models: readonly ListedModel[];
  readonly disk: { readonly used: number; readonly reclaimable: number; readonly free: number };
  readonly plan: Plan;
  readonly others: Pick<Others, 'lists' | 'missing'>;
}

/** Compares the list with the disk. */
export async function list(context: Context, options: CommonOptions & { readonly all: boolean }): Promise<ListResult> {
  const session = await openPurged(context, options);
  const { registry, active, modelsDir, catalogue } = session;
  const planned = await planToShow(context, session);
  const { actual, plan } = planned;
  const files = new Map(actual.files.map((file) => [file.name, file]));
  const lines = new Map(active.toReversed().map(({ name, line }) => [name, line]));
  const names = new Set([
    ...active.map(({ name }) => name),
    ...[...files.keys()].toSorted(),
    ...(options.all ? catalogue.keys() : []),
  ]);
  warnOfMistakes(context, session, planned);
  for (const root of planned.missing) context.reporter.notice(rootMissing(root));
  const models = [...names].map((name): ListedModel => {
    const file = files.get(name);
    const entry = catalogue.get(name);
    const expected = !file || file.size === entry?.size ? entry?.sha256 : undefined;
    return {
      name,
      active: lines.has(name),
      downloaded: file !== undefined,
      managed: file !== undefined && isManaged(file, catalogue),
      size: file?.size ?? entry?.size ?? null,
      sha256: (file && knownHash(file)) ?? expected ?? null,
      path: file ? modelsDir.modelPath(name) : null,
      line: lines.get(name) ?? null,
    };
  });
  return {
    registry: { file: registry.file, source: registry.source, active: active.map(({ name }) => name) },
    condition: registry.condition,
    modelsDir: modelsDir.path,
    models,
    disk: { used: plan.used, reclaimable: plan.freed, free: plan.free },
    plan,
    others: planned,
  };
}
