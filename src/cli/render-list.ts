import type { ListedModel, ListResult } from '../commands/list.ts';
import { printable, shortName } from '../core/models/name.ts';
import { count, formatBytes, type Style } from './style.ts';

/**
 * The list as lines for people: what is active against what is there, disk use, and what to do about it; with what the headers
 * of the files say, where they were read.
 */
export function renderList(
  { models, disk, registry, modelsDir }: ListResult,
  style: Style,
  headers: ReadonlyMap<string, string> = new Map(),
): string {
  const rows = models.map((model) => ({
    model,
    name: printable(shortName(model.name)),
    size: model.size === null ? '?' : formatBytes(model.size),
  }));
  // There may be more rows than a call may have arguments.
  const nameWidth = rows.reduce((width, { name }) => Math.max(width, name.length), 5);
  const sizeWidth = rows.reduce((width, { size }) => Math.max(width, size.length), 4);
  const lines = rows.map(({ model, name, size }) => {
    const header = headers.get(model.name);
    const says = header === undefined ? '' : `  ${style('dim', `[${printable(header)}]`)}`;
    return `${stateMark(model, style)} ${name.padEnd(nameWidth)}  ${size.padStart(sizeWidth)}  ${stateText(model, style)}${says}`;
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
    ...advice,
    '',
  ].join('\n');
}

function stateMark({ active, downloaded }: ListedModel, style: Style): string {
  if (active) return downloaded ? style('green', '●') : style('yellow', '○');
  return downloaded ? style('red', '×') : ' ';
}

function stateText({ active, downloaded, managed, line }: ListedModel, style: Style): string {
  const where = line === null ? 'active, computed' : `active, line ${line}`;
  if (active) return downloaded ? where : style('yellow', `${where}: not downloaded`);
  if (!downloaded) return style('dim', 'available');
  return managed ? style('red', 'not listed: prune removes it') : style('dim', 'not listed, unmanaged: kept');
}
