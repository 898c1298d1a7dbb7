import { bar, type Display } from '../../adapters/terminal/display.ts';
import type { Format } from '../../adapters/terminal/style.ts';
import { type Cell, layTable } from '../../adapters/terminal/table.ts';
import { isModelFile, printable, shortName } from '../../core/catalogue/names.ts';
import { diskOf, shortfallOf } from '../../core/plan/outcome.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { describeUser } from '../../core/plan/users.ts';
import { count, formatBytes } from '../../core/quantity.ts';
import { planLines, refusalLines } from '../plan/text.ts';
import type { Keeper } from '../why/keepers.ts';
import type { ListedModel, ListResult } from './list.ts';

/** What `-v` adds, by the names of models: the header, and the other registries that list it. */
interface Details {
  readonly headers: ReadonlyMap<string, string>;
  readonly keepers: ReadonlyMap<string, readonly Keeper[]>;
}

interface State {
  readonly mark: string;
  readonly text: string;
  readonly format: Format | undefined;
}

const BAR_CELLS = 8;
const COLUMNS = [
  { head: '' },
  { head: 'MODEL', keepsEnd: true },
  { head: 'SIZE', side: 'start', rank: 1 },
  { head: 'SHARE', rank: 0 },
  { head: 'STATE' },
] as const;

/** A table of listed and downloaded models, the disk usage and the next steps. */
export function renderList(result: ListResult, display: Display, details?: Details): string {
  const { models, disk, registry, modelsDir } = result;
  const { style, glyphs, path } = display;
  const rows = models.map((model) => row(model, result, display, details));
  // The details of -v are never cut off.
  const room = details ? Number.POSITIVE_INFINITY : display.columns;
  const table = rows.length > 0 ? layTable({ columns: COLUMNS, rows }, { ...display, columns: room }) : [];
  return [
    style('dim', `${path(registry.file)} ${glyphs.arrow} ${path(modelsDir)}`),
    ...(details && result.condition !== undefined
      ? [style('dim', printable(`the list is under ${result.condition}`))]
      : []),
    ...(rows.length > 0 ? table : ['No model is active, and none is on disk']),
    `${formatBytes(disk.used)} used, ${formatBytes(disk.reclaimable)} reclaimable, ${formatBytes(disk.free)} free`,
    ...nextSteps(result, display),
    '',
  ].join('\n');
}

function row(model: ListedModel, result: ListResult, display: Display, details: Details | undefined): readonly Cell[] {
  const { style, glyphs } = display;
  const { name, size, downloaded } = model;
  const { mark, text, format } = stateOf(model, result, display);
  const paint = (painted: string): string => (format === undefined ? painted : style(format, painted));
  const share = downloaded && size !== null && result.disk.used > 0 ? size / result.disk.used : 0;
  return [
    { text: mark, paint },
    { text: printable(shortName(name)), ...(model.active && { paint: (painted) => style('bold', painted) }) },
    { text: size === null ? '?' : formatBytes(size) },
    { text: bar(share, BAR_CELLS, glyphs), paint },
    { text: `${text}${details ? detailText(name, details, display) : ''}`, paint },
  ];
}

function stateOf(model: ListedModel, { plan, registry }: ListResult, { glyphs }: Display): State {
  const { name, active, downloaded, managed, line } = model;
  const where = line === null ? 'active, computed' : `active, line ${line}`;
  if (active && downloaded) return { mark: glyphs.active, text: where, format: 'green' };
  const state = plan.running.some((each) => each.name === name) ? 'downloading' : 'not downloaded';
  if (active) return { mark: glyphs.missing, text: `${state}; ${where}`, format: 'yellow' };
  if (!downloaded) return { mark: ' ', text: availability(model, plan), format: 'dim' };
  if (plan.kept.includes(name) && !registry.active.includes(name))
    return { mark: glyphs.elsewhere, text: 'kept: listed in another registry', format: 'green' };
  const users = plan.inUse.find((each) => each.name === name)?.users;
  if (users) {
    const text = `not listed; in use by ${users.map(describeUser).join(', ')}`;
    return { mark: glyphs.elsewhere, text: printable(text), format: 'yellow' };
  }
  if (plan.refusal && plan.unmanaged.every((each) => each.name !== name))
    return { mark: glyphs.unlisted, text: 'not listed; prune refused', format: 'yellow' };
  if (managed) return { mark: glyphs.unlisted, text: 'not listed: prune removes it', format: 'red' };
  if (plan.unverified.some((each) => each.name === name))
    return { mark: glyphs.unlisted, text: 'not listed; unverified', format: 'yellow' };
  return { mark: glyphs.elsewhere, text: 'not listed; kept: unmanaged', format: 'dim' };
}

/** Whether a model of the catalogue would fit after `whisper sync`. */
function availability({ size }: ListedModel, plan: Plan): string {
  const left = diskOf(plan).left;
  if (size === null) return 'available';
  return size <= left ? 'available, fits' : `does not fit: ${formatBytes(size - left)} too large`;
}

function detailText(name: string, { keepers, headers }: Details, { path }: Display): string {
  const places = (keepers.get(name) ?? []).map(
    ({ registry, line, missing }) =>
      `${path(registry)}${line === null ? '' : `:${line}`}${missing === true ? ' (missing)' : ''}`,
  );
  const header = headers.get(name);
  const says = header === undefined ? '' : `  [${printable(header)}]`;
  return `${places.length > 0 ? `; kept by ${places.join(', ')}` : ''}${says}`;
}

/** The plan, and the commands that carry it out. Nothing is suggested that `sync` or `prune` would refuse. */
function nextSteps({ registry, models, disk, plan }: ListResult, display: Display): readonly string[] {
  const command = (text: string): string => display.style('cyan', text);
  const missing = models.filter(({ active, downloaded }) => active && !downloaded).length;
  const prune =
    disk.reclaimable > 0 ? [`Run ${command('whisper prune')} to free ${formatBytes(disk.reclaimable)}`] : [];
  const refusal = refusalLines(plan, display);
  if (!registry.active.every(isModelFile) || plan.unknown.length > 0)
    return [...refusal, `Run ${command('whisper check')} to see what to fix in the list`];
  if (plan.blocked.length > 0)
    return [...refusal, `Run ${command('whisper check')} to see what blocks ${command('whisper sync')}`, ...prune];
  const isTooMuch = shortfallOf(plan) > 0;
  const sync = isTooMuch
    ? `Not enough space for the ${count(missing, 'missing model')}`
    : `Run ${command('whisper sync')} to download the ${count(missing, 'missing model')}`;
  return [...planLines(plan, display), ...(missing > 0 ? [sync] : []), ...prune];
}
