import { diskOf, shortfallOf, stepsOf } from '../core/models/plan-sums.ts';
import type { Plan, Sized } from '../core/models/plan.ts';
import { wrap } from './cells.ts';
import type { Display } from './display.ts';
import { count, formatBytes } from '../core/quantity.ts';

const INDENT = '      ';

/**
 * A plan in one or two lines, the same wherever one is shown: what would come and go, and what that means for the disk;
 * none where there is nothing to do.
 */
export function planLines(plan: Plan, { style, columns }: Pick<Display, 'style' | 'columns'>): readonly string[] {
  if (stepsOf(plan) === 0) return [];
  const { adopt, fetch, restore, prune, companions, stalePartials, expired, needed, freed } = plan;
  const parts = [
    part('fetch', fetch.length, 'model', needed),
    part('adopt', adopt.length, 'model'),
    part('give back', restore.length, 'file'),
    part('remove', prune.length, 'model', total(prune)),
    part('remove', companions.length, 'CoreML encoder', total(companions)),
    part('remove', stalePartials.length, 'unfinished download', total(stalePartials)),
    part('remove', expired.length, 'undo leftover', total(expired)),
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

function total(files: readonly Sized[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
