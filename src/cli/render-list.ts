import type { Keeper } from '../commands/keepers.ts';
import type { ListedModel, ListResult } from '../commands/list.ts';
import { printable, shortName } from '../core/models/name.ts';
import type { Plan } from '../core/models/plan.ts';
import { describeUser } from '../core/models/usage.ts';
import { planLines } from './render-plan.ts';
import { count, formatBytes, type Style } from './style.ts';

/** What `-v` adds, by the names of models: what the header says, and which other registries list it. */
export interface Details {
  readonly headers: ReadonlyMap<string, string>;
  readonly keepers: ReadonlyMap<string, readonly Keeper[]>;
}

/** The list as lines for people: what is active against what is there, disk use, and what to do about it. */
export function renderList(
  { models, disk, registry, modelsDir, plan }: ListResult,
  style: Style,
  more: Details = { headers: new Map(), keepers: new Map() },
): string {
  const rows = models.map((model) => ({
    model,
    name: printable(shortName(model.name)),
    size: model.size === null ? '?' : formatBytes(model.size),
  }));
  const own = new Set(registry.active);
  const keptElsewhere = new Set(plan.kept.filter((name) => !own.has(name)));
  // There may be more rows than a call may have arguments.
  const nameWidth = rows.reduce((width, { name }) => Math.max(width, name.length), 5);
  const sizeWidth = rows.reduce((width, { size }) => Math.max(width, size.length), 4);
  const lines = rows.map(({ model, name, size }) => {
    const header = more.headers.get(model.name);
    const says = header === undefined ? '' : `  ${style('dim', `[${printable(header)}]`)}`;
    const others = keptByText(more.keepers.get(model.name) ?? [], style);
    return `${stateMark(model, keptElsewhere, style)} ${name.padEnd(nameWidth)}  ${size.padStart(sizeWidth)}  ${stateText(model, plan, keptElsewhere, style)}${others}${says}`;
  });
  const missing = models.filter(({ active, downloaded }) => active && !downloaded).length;
  const advice = [
    ...(missing > 0 ? [`whisper sync fetches the ${count(missing, 'missing model')}.`] : []),
    ...(disk.reclaimable > 0 ? [`whisper prune frees ${formatBytes(disk.reclaimable)}.`] : []),
  ];
  return [
    style('dim', `${printable(registry.file)} → ${printable(modelsDir)}`),
    ...(lines.length > 0 ? lines : ['No model is active, and none is on the disk.']),
    `${formatBytes(disk.used)} used, ${formatBytes(disk.reclaimable)} reclaimable, ${formatBytes(disk.free)} free`,
    ...planLines(plan),
    ...advice,
    '',
  ].join('\n');
}

function stateMark(
  { name, active, downloaded }: ListedModel,
  keptElsewhere: ReadonlySet<string>,
  style: Style,
): string {
  if (keptElsewhere.has(name)) return style('green', '•');
  if (active) return downloaded ? style('green', '●') : style('yellow', '○');
  return downloaded ? style('red', '×') : ' ';
}

function stateText(
  { name, active, downloaded, managed, line }: ListedModel,
  { inUse }: Plan,
  keptElsewhere: ReadonlySet<string>,
  style: Style,
): string {
  const where = line === null ? 'active, computed' : `active, line ${line}`;
  if (active) return downloaded ? where : style('yellow', `${where}: not downloaded`);
  if (!downloaded) return style('dim', 'available');
  if (keptElsewhere.has(name)) return 'kept: another registry lists it';
  const users = inUse.find((each) => each.name === name)?.users;
  if (users) return style('yellow', `not listed, in use by ${users.map(describeUser).join(', ')}`);
  return managed ? style('red', 'not listed: prune removes it') : style('dim', 'not listed, unmanaged: kept');
}

/** `; kept by /other/nix/whisper-manager.nix:5 too`. */
function keptByText(keepers: readonly Keeper[], style: Style): string {
  if (keepers.length === 0) return '';
  const places = keepers.map(({ registry, line }) => (line === null ? registry : `${registry}:${line}`));
  return style('dim', `; kept by ${printable(places.join(', '))}`);
}
