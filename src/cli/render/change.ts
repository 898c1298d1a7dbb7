import type { ReconcileResult } from '../../commands/reconcile.ts';
import type { Downloaded } from '../../commands/apply/publish.ts';
import type { EditResult } from '../../commands/edit-list.ts';
import type { Applied } from '../../commands/apply/apply.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import type { Plan, Sized } from '../../core/plan/plan.ts';
import { count, formatBytes } from '../../core/quantity.ts';
import { hanging } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { planLines } from './plan.ts';

/** The results of commands that change something, as lines for people. */

export function renderPrune({ dryRun, plan }: Applied, display: Display, quiet: boolean): string {
  const { style } = display;
  const lines = prunedLines(plan.prune, dryRun, style);
  lines.push(...restoredLines(plan, dryRun));
  if (!quiet) {
    for (const { name, size, reason } of plan.unmanaged)
      lines.push(`kept ${shortName(name)} (${formatBytes(size)}), unmanaged: ${reason}`);
    if (plan.prune.length === 0 && plan.freed === 0) lines.push('Nothing to prune');
    if (dryRun) lines.push(...planLines(plan, display));
  }
  if (plan.freed > 0 && !dryRun) lines.push(`Freed ${formatBytes(plan.freed)}`);
  return toText(lines, display);
}

export function renderReconcile(result: ReconcileResult, display: Display, quiet: boolean): string {
  const { style } = display;
  const { dryRun, pruned, downloaded, adopted, present, registered, plan } = result;
  const lines = prunedLines(pruned, dryRun, style);
  lines.push(...restoredLines(plan, dryRun));
  for (const model of adopted) {
    const what = `${shortName(model.name)} (${formatBytes(model.size)} from ${display.path(model.from)})`;
    lines.push(dryRun ? `would adopt ${what}` : `${style('green', 'adopted')} ${what}, ${verifiedText(model)}`);
  }
  for (const model of downloaded) {
    const { name, size } = model;
    lines.push(
      dryRun
        ? `would download ${shortName(name)} (${formatBytes(size)})`
        : `${style('green', 'downloaded')} ${shortName(name)} (${transferText(model)}), ${verifiedText(model)}`,
    );
  }
  if (!quiet) for (const name of present) lines.push(`${shortName(name)} is already downloaded`);
  for (const name of registered)
    lines.push(`${dryRun ? 'would register' : style('green', 'registered')} ${shortName(name)}`);
  if (!quiet && dryRun) lines.push(...planLines(plan, display));
  if (!quiet && lines.length === 0) lines.push('Nothing to do: the folder matches the list');
  return toText(lines, display);
}

/** `148.0 MB in 3.1 s, 47.7 MB/s over 8 connections`; what was here already did not come again. */
function transferText({ size, seconds, received, connections, cache }: Downloaded): string {
  const rate = seconds >= 1 ? `, ${formatBytes(received / seconds)}/s` : '';
  const over = connections > 1 ? ` over ${connections} connections` : '';
  // What a cache sends may be packed.
  const came = cache ? ` from ${cache}` : received < size ? `, ${formatBytes(received)} of it now` : '';
  const time = seconds >= 0.1 ? ` in ${seconds.toFixed(1)} s` : '';
  return `${formatBytes(size)}${came}${time}${rate}${over}`;
}

function verifiedText({ verifiedBy, sha256 }: Pick<Downloaded, 'verifiedBy' | 'sha256'>): string {
  if (verifiedBy === undefined) return `sha256 ${sha256.slice(0, 16)}… recorded`;
  return `sha256 verified against the ${verifiedBy}`;
}

export function renderEdit({ file, entries, left }: EditResult, display: Display, quiet: boolean): string {
  const { style } = display;
  const sentences = {
    present: 'is already active',
    uncommented: 'is active again',
    appended: 'is now active',
    removed: 'is no longer active',
    absent: 'was not active',
  } as const;
  const changed = entries.filter(({ how }) => how !== 'present' && how !== 'absent');
  const shown = quiet ? [] : entries;
  const lines = shown.map(({ name, how }) => `${printable(shortName(name))} ${sentences[how]}`);
  if (!quiet && changed.length > 0)
    lines.push(
      style('dim', `${display.path(file)}: ${count(changed.length, 'entry').replace('entrys', 'entries')} changed`),
    );
  if (!quiet && left.length > 0) {
    const names = left.map(shortName).join(', ');
    lines.push(`still on disk: ${names}; run whisper prune to remove models that no registry lists`);
  }
  return toText(lines, display);
}

function prunedLines(pruned: readonly Sized[], dryRun: boolean, style: Style): string[] {
  return pruned.map(
    ({ name, size }) =>
      `${dryRun ? 'would remove' : style('red', 'removed')} ${shortName(name)} (${formatBytes(size)})`,
  );
}

function restoredLines({ restore }: Plan, dryRun: boolean): readonly string[] {
  return restore.map((name) => `${dryRun ? 'would restore' : 'restored'} ${shortName(name)}: it is listed again`);
}

function toText(lines: readonly string[], { columns }: Display): string {
  return lines
    .flatMap((line) => hanging(line, columns))
    .map((line) => `${line}\n`)
    .join('');
}
