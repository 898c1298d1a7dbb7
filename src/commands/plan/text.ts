import { wrap } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { diskOf, shortfallOf, stepsOf } from '../../core/plan/outcome.ts';
import type { Plan, Sized } from '../../core/plan/plan.ts';
import { count, formatBytes, totalSize } from '../../core/quantity.ts';

const INDENT = '      ';

type Terminal = Pick<Display, 'style' | 'columns'>;

/** A plan as lines, the same in every command; none if there is nothing to do. */
export function planLines(plan: Plan, display: Terminal): readonly string[] {
  return [
    ...stepLines(plan, display),
    ...unverifiedLines(plan, display),
    ...refusalLines(plan, display),
    ...runningLines(plan, display),
  ];
}

function runningLines({ running }: Plan, { columns }: Terminal): readonly string[] {
  if (running.length === 0) return [];
  const names = running.map(({ name, size }) => `${shortName(name)} (${formatBytes(size)} so far)`);
  return wrap(`Downloading in another process: ${names.join(', ')}`, columns);
}

/** Why nothing is pruned although something would be. */
export function refusalLines({ refusal }: Plan, { style, columns }: Terminal): readonly string[] {
  if (!refusal) return [];
  return wrap(printable(`Nothing is removed: ${refusal.error.message}`), columns).map((line) => style('yellow', line));
}

function unverifiedLines({ unverified }: Plan, { columns }: Terminal): readonly string[] {
  if (unverified.length === 0) return [];
  const names = unverified.map(({ name }) => shortName(name));
  const [it, matching] = unverified.length === 1 ? ['it', 'it only if it matches'] : ['them', 'only those that match'];
  const text =
    `Unverified: ${names.join(', ')} (${formatBytes(totalSize(unverified))}): whisper prune hashes ${it}, and removes ` +
    `${matching} the catalogue; to hash ${it} now, run whisper verify ${names.join(' ')}`;
  return wrap(text, columns);
}

function stepLines(plan: Plan, { style, columns }: Terminal): readonly string[] {
  if (stepsOf(plan) === 0) return [];
  const { adopt, fetch, restore, prune, stalePartials, expired, needed, freed } = plan;
  const parts = [
    part('download', fetch.length, 'model', needed),
    part('adopt', adopt.length, 'model'),
    part('restore', restore.length, 'file'),
    part('remove', prune.length, 'model', totalSize(prune)),
    part('remove', stalePartials.length, 'unfinished download', totalSize(stalePartials)),
    part('remove', expired.length, 'undo leftover', totalSize(expired)),
  ].filter((text) => text !== '');
  const { peak, left } = diskOf(plan);
  const shortfall = shortfallOf(plan);
  const disk = [
    ...(needed > 0 ? [`needs ${formatBytes(needed)}`] : []),
    ...(freed > 0 ? [`frees ${formatBytes(freed)}`] : []),
    ...(needed > 0 ? [`peaks at ${formatBytes(peak)}`] : []),
    shortfall > 0 ? `does not fit: ${formatBytes(shortfall)} short` : `leaves ${formatBytes(left)} free`,
  ];
  const [first = '', ...more] = wrap(parts.join(', '), columns - INDENT.length);
  return [
    `${style('bold', 'Plan:')} ${first}`,
    ...more.map((line) => INDENT + line),
    ...wrap(disk.join(', '), columns - INDENT.length).map((line) =>
      style(shortfall > 0 ? 'red' : 'dim', INDENT + line),
    ),
  ];
}

function part(verb: string, number: number, noun: string, bytes?: number): string {
  if (number === 0) return '';
  const what = count(number, noun);
  return bytes === undefined ? `${verb} ${what}` : `${verb} ${what} (${formatBytes(bytes)})`;
}

export function prunedLines(pruned: readonly Sized[], dryRun: boolean, style: Style): string[] {
  return pruned.map(
    ({ name, size }) =>
      `${dryRun ? 'would remove' : style('red', 'removed')} ${shortName(name)} (${formatBytes(size)})`,
  );
}

export function restoredLines({ restore }: Plan, dryRun: boolean): readonly string[] {
  return restore.map((name) => `${dryRun ? 'would restore' : 'restored'} ${shortName(name)}: it is listed again`);
}
