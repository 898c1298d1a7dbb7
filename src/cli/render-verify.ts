import type { Inspected, VerifyResult } from '../commands/verify.ts';
import { printable, shortName } from '../core/models/name.ts';
import { describe } from './render-identify.ts';
import { count, formatBytes, type Style } from './style.ts';

/** A line a model, and what to do about those that are not right. */
export function renderVerify({ models, repaired }: VerifyResult, style: Style, quiet: boolean): string {
  const shown = quiet ? models.filter(({ status }) => status === 'corrupt' || status === 'missing') : models;
  const lines = shown.map((model) => line(model, repaired.includes(model.name), style));
  const corrupt = models.filter(({ status }) => status === 'corrupt').length;
  const missing = models.filter(({ status }) => status === 'missing').length;
  if (corrupt > 0) lines.push(`whisper verify --repair fetches the ${count(corrupt, 'corrupt model')} again.`);
  if (missing > 0) lines.push(`whisper sync fetches what is active and missing.`);
  if (!quiet && models.length === 0) lines.push('No model is active, and none is on the disk.');
  return lines.map((text) => `${text}\n`).join('');
}

function line(
  { name, status, expected, actual, file, identity, isChanging }: Inspected,
  isRepaired: boolean,
  style: Style,
): string {
  // A name of the list may be any string.
  const model = printable(shortName(name));
  const size = file ? ` (${formatBytes(file.size)})` : '';
  switch (status) {
    case 'ok':
      return isRepaired ? `${style('green', 'repaired')} ${model}` : `${style('green', 'ok')} ${model}${size}`;
    case 'missing':
      return `${style('yellow', 'missing')} ${model}`;
    case 'unknown':
      return isChanging
        ? `${style('yellow', 'unknown')} ${model}${size}: somebody is writing to it; verify it again later`
        : `${style('dim', 'unknown')} ${model}${size}: nothing pins its bytes`;
    case 'corrupt': {
      const what = identity ? `; it is ${describe(identity)}` : '';
      return `${style('red', 'corrupt')} ${model}${size}: sha256 ${actual}, not ${expected}${what}`;
    }
  }
}
