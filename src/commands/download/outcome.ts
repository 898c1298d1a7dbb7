import { pinnerText } from '../../core/catalogue/entries.ts';
import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { fileName, shortName } from '../../core/catalogue/names.ts';
import { isForVoiceActivity } from '../../core/catalogue/size-class.ts';
import { formatBytes } from '../../core/quantity.ts';
import { shellValue } from '../../core/shell-value.ts';
import type { Downloaded } from '../apply/publish.ts';
import type { Outcome } from '../definition.ts';
import { driftCode } from '../option-values.ts';
import type { ParsedOptions } from '../options.ts';
import { planLines, prunedLines, restoredLines } from '../plan/text.ts';
import type { ReconcileResult } from './reconcile.ts';

/** The outcome of a command that makes the directory match a list. */
export function outcomeOf(result: ReconcileResult, options: ParsedOptions, display: Display): Outcome {
  const { plan, ...rest } = result;
  const downloaded = rest.downloaded.map(({ name, path, size, sha256, seconds, received }) => {
    return { name, path, size, sha256, seconds, received };
  });
  const json = { ...rest, downloaded, adopted: rest.adopted.map(({ name }) => name) };
  return {
    json,
    text: renderReconcile(result, display, options.quiet === true),
    exitCode: driftCode(options, plan, json.registered.length),
  };
}

function renderReconcile(result: ReconcileResult, display: Display, quiet: boolean): string {
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
        ? `would download ${shortName(name)} (${size === 0 ? 'unknown size' : formatBytes(size)})`
        : `${style('green', 'downloaded')} ${shortName(name)} (${transferText(model)}), ${verifiedText(model)}`,
    );
  }
  if (!quiet) for (const name of present) lines.push(`${shortName(name)} is already downloaded`);
  for (const name of registered)
    lines.push(`${dryRun ? 'would register' : style('green', 'registered')} ${shortName(name)}`);
  if (!quiet && dryRun) lines.push(...planLines(plan, display));
  if (!quiet && lines.length === 0) lines.push('Nothing to do: the folder matches the list');
  return hangingText(lines, display.columns);
}

/** `148.0 MB in 3.1 s, 47.7 MB/s over 8 connections`; bytes that were already present are not counted. */
function transferText({ size, seconds, received, connections, cache }: Downloaded): string {
  const rate = seconds >= 1 ? `, ${formatBytes(received / seconds)}/s` : '';
  const over = connections > 1 ? ` over ${connections} connections` : '';
  // A cache may send compressed bytes.
  const came = cache ? ` from ${cache}` : received < size ? `, ${formatBytes(received)} of it now` : '';
  const time = seconds >= 0.1 ? ` in ${seconds.toFixed(1)} s` : '';
  return `${formatBytes(size)}${came}${time}${rate}${over}`;
}

function verifiedText({ verifiedBy, sha256 }: Pick<Downloaded, 'verifiedBy' | 'sha256'>): string {
  if (verifiedBy === undefined) return `sha256 ${sha256.slice(0, 16)}… recorded`;
  return `sha256 verified against ${pinnerText(verifiedBy)}`;
}

/**
 * A hint with the command that writes a .env file for the first of some models that transcribes, with the options for the same
 * list and folder; empty if there is none. It does not set variables in a shell, which would outlast the project.
 */
export function envLine(program: string, models: readonly string[], options: ParsedOptions): string {
  const model = models.map((each) => shortName(fileName(each) ?? each)).find((each) => !isForVoiceActivity(each));
  if (model === undefined) return '';
  // The user may call the program by its second name because another program is called whisper.
  const name = program === 'whisper-manager' ? program : 'whisper';
  const given = (['file', 'models-dir', 'attr'] as const).flatMap((option) => {
    const value = options[option];
    return typeof value === 'string' ? [`--${option}=${shellValue(value)}`] : [];
  });
  const words = [name, 'env', ...given, ...(options['no-eval'] === true ? ['--no-eval'] : [])];
  return `To write a .env file, run ${[...words, model].join(' ')} > .env\n`;
}
