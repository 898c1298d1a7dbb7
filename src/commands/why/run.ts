import { wrap } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import { formatBytes } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { realpathSync } from 'node:fs';
import { blameLine, type Blame } from '../../adapters/git/blame.ts';
import { readText } from '../../adapters/registry/find-registry.ts';
import { findUsers } from '../../adapters/store/users.ts';
import { expectedOf, isRecorded, managedState } from '../../core/plan/managed.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { describeUser } from '../../core/plan/users.ts';
import type { ModelRecord } from '../../core/state/record.ts';
import { openPurged } from '../apply/open-purged.ts';
import { planToShow, type Planned } from '../plan/plan.ts';
import { meantModel } from '../session/known-models.ts';
import { listedElsewhere, ownRoot } from '../session/roots.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import { type Keeper, keepersOf } from './keepers.ts';

export const run: Run = async (context, { options, operands }) => {
  const result = await why(context, { ...commonOptions(options), model: operands[0] ?? '' });
  return { json: result, text: renderWhy(result, context.display), exitCode: EXIT.done };
};

const LABEL_CELLS = 10;

function renderWhy(result: WhyResult, display: Display): string {
  const { name, path, size, downloaded, keptBy, inUse, record, verifiedAt, refetch } = result;
  const { style, glyphs } = display;
  const room = Math.max(20, display.columns - LABEL_CELLS - 2);
  const rows = (label: string, text: string): readonly string[] =>
    wrap(printable(text), room).map(
      (line, index) => `  ${style('dim', (index === 0 ? label : '').padEnd(LABEL_CELLS))}${line}`,
    );
  const mark = downloaded ? style('green', glyphs.active) : style('yellow', glyphs.missing);
  const lines = [
    `${mark} ${style('bold', shortName(name))}  ${size === null ? '?' : formatBytes(size)}, ${downloaded ? 'downloaded' : 'not downloaded'}`,
    ...keptBy.flatMap(({ registry, line, blame, missing, condition }) => [
      ...rows(
        'kept by',
        `${display.path(registry)}${missing === true ? ', missing' : placeIn(line)}${condition === undefined ? '' : `, under ${condition}`}`,
      ),
      ...(blame
        ? rows(
            '',
            `${blame.commit?.slice(0, 9) ?? 'not committed yet'}, ${blame.author}, ${day(blame.time)}${summaryOf(blame)}`,
          )
        : []),
    ]),
    ...(keptBy.length === 0 ? rows('kept by', verdict(result)) : []),
    ...inUse.flatMap((user) => rows('in use by', user)),
    ...(downloaded ? rows('file', display.path(path)) : []),
    ...(record
      ? rows('record', `downloaded ${day(record.fetchedAt)}${record.url === '' ? '' : ` from ${record.url}`}`)
      : []),
    ...(downloaded ? rows('verified', verifiedAt === null ? 'never; run whisper verify' : day(verifiedAt)) : []),
    ...rows(
      'again',
      refetch
        ? `${refetch.bytes === null ? 'unknown size' : formatBytes(refetch.bytes)} from ${refetch.url ?? refetch.repo}`
        : 'cannot be downloaded again',
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function verdict({ downloaded, managed, unverified, refused, inUse }: WhyResult): string {
  if (!downloaded) return 'no registry';
  if (refused) return 'no readable registry, but prune is refused: run whisper prune --dry-run to see why';
  if (inUse.length > 0) return 'no registry, but it is in use: whisper prune keeps it';
  if (unverified) return 'no registry: whisper prune hashes it and removes it if it matches the catalogue';
  return managed ? 'no registry: whisper prune removes it' : 'no registry, but it is unmanaged: whisper prune keeps it';
}

function summaryOf({ commit, summary }: { readonly commit: string | null; readonly summary: string }): string {
  return commit === null || summary === '' ? '' : `: ${summary}`;
}

function placeIn(line: number | null): string {
  return line === null ? ', computed' : `:${line}`;
}

function day(time: string): string {
  return time.slice(0, 10);
}

interface WhyResult {
  readonly name: string;
  readonly path: string;
  readonly downloaded: boolean;
  readonly managed: boolean;
  /** On disk with the name and size of a model of the catalogue, but not hashed yet. */
  readonly unverified: boolean;
  /** Whether prune refuses now: then it is unknown which registries keep what. */
  readonly refused: boolean;
  /** Bytes; `null`: neither the disk nor the catalogue has it. */
  readonly size: number | null;
  /** The registries that list it, this one first. */
  readonly keptBy: readonly (Keeper & { readonly blame: Blame | null })[];
  readonly inUse: readonly string[];
  /** The record of the file, if it still describes it. */
  readonly record: ModelRecord | null;
  /** ISO 8601: when its bytes were last verified. */
  readonly verifiedAt: string | null;
  /** The download that would restore it; `null`: it cannot be downloaded again. */
  readonly refetch: Refetch | null;
}

interface Refetch {
  readonly bytes: number | null;
  /** `null`: it is not from the hub but from `url`. */
  readonly repo: string | null;
  readonly revision: string | null;
  readonly url?: string;
  readonly sha256: string | null;
}

/** Finds out what keeps a model, and how it can be downloaded again. Changes nothing. */
export async function why(context: Context, options: CommonOptions & { readonly model: string }): Promise<WhyResult> {
  const session = await openPurged(context, options);
  const { modelsDir, catalogue } = session;
  const planned = await planToShow(context, session);
  const listed = listedElsewhere(planned).map((each) => ({ name: each }));
  const name = meantModel(options.model, session, [...planned.actual.files, ...listed]);
  const file = planned.actual.files.find((each) => each.name === name);
  const state = file && managedState(file, catalogue);
  const record = file && isRecorded(file) ? (file.record ?? null) : null;
  return {
    name,
    path: modelsDir.modelPath(name),
    downloaded: file !== undefined,
    managed: state === 'managed',
    unverified: state === 'unverified',
    refused: planned.plan.refusal !== undefined,
    size: file?.size ?? catalogue.get(name)?.size ?? null,
    keptBy: await blamed(context, keepers(session, planned, name)),
    inUse: file ? (findUsers([modelsDir.path], [name]).get(name) ?? []).map(describeUser) : [],
    record,
    verifiedAt: record?.verifiedAt ?? null,
    refetch: refetchOf(session, name, file),
  };
}

function keepers(session: Session, planned: Planned, name: string): readonly Keeper[] {
  const own =
    keepersOf({ lists: [{ root: ownRoot(session), registry: session.registry }], missing: [] }).get(name) ?? [];
  return [...own, ...(keepersOf(planned).get(name) ?? [])];
}

async function blamed({ host }: Context, found: readonly Keeper[]): Promise<WhyResult['keptBy']> {
  const result: WhyResult['keptBy'][number][] = [];
  for (const keeper of found) {
    const blame = keeper.line === null ? undefined : await blameOf(host, keeper.file, keeper.line);
    result.push({ ...keeper, blame: blame ?? null });
  }
  return result;
}

async function blameOf(host: Context['host'], registry: string, line: number): Promise<Blame | undefined> {
  const file = realpathSync(registry);
  return blameLine(host, { file, text: readText(file), line });
}

/** The download of the whole file, as if it were removed. */
function refetchOf({ catalogue }: Session, name: string, file: ModelFile | undefined): Refetch | null {
  const entry = expectedOf(name, file, catalogue);
  if (!entry) return null;
  const { repo = null, revision = null, url, size, sha256 = null } = entry;
  return { bytes: size ?? file?.size ?? null, repo, revision, ...(url !== undefined && { url }), sha256 };
}
