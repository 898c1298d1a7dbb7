import { timeLeft, count } from '../../core/quantity.ts';
import { bytesText, percentText, rateText, shareOf } from './frame.ts';
import type { View } from './rows.ts';

/** How far downloads are, for a log: `small.en-q5_1: 42 %, 80.1 MB of 190 MB, 12.1 MB/s, 9 s left`, or of several together. */
export function logLine({ rows, total }: View): string {
  const [row] = rows;
  const [name, measure] = total.count === 1 && row ? [row.name, row] : [count(total.count, 'model'), total];
  const { received, size, rate, left, phase } = measure;
  const facts = [
    size === undefined ? undefined : percentText(shareOf(received, size)),
    bytesText(received, size),
    phase ?? (rate === undefined ? undefined : rateText(rate)),
    phase !== undefined || left === undefined ? undefined : timeLeft(left),
  ];
  return `${name}: ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}
