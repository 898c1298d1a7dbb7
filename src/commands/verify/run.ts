import { EXIT } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions, connectionsOption, limitRateOption, secondsOption } from '../option-values.ts';
import type { Inspected } from './repair.ts';
import { verify, type VerifyResult } from './verify.ts';
import { wrap } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import type { Format } from '../../adapters/terminal/style.ts';
import { layTable } from '../../adapters/terminal/table.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { count, formatBytes } from '../../core/quantity.ts';
import { describe } from '../identify/run.ts';

export const run: Run = async (context, { options, operands }) => {
  const isRepair = options.repair === true;
  const { models, repaired } = await verify(context, {
    ...commonOptions(options),
    ...limitRateOption(options),
    ...connectionsOption(options),
    models: operands,
    repair: isRepair,
    wait: secondsOption(options, 'wait'),
  });
  const rows = models.map(({ name, status, expected, actual }) => ({ name, status, expected, actual }));
  return {
    json: isRepair ? { models: rows, repaired } : { models: rows },
    text: renderVerify({ models, repaired }, context.display, options.quiet === true),
    exitCode: models.every(isFine) ? EXIT.done : EXIT.integrity,
  };
};

/** Whether a file has the right bytes, or none are pinned. */
function isFine({ status, isChanging }: Inspected): boolean {
  return (status === 'ok' || status === 'unknown') && !isChanging;
}

type Status = Inspected['status'];

const COLOURS: Readonly<Record<Status, Format>> = { ok: 'green', corrupt: 'red', missing: 'yellow', unknown: 'dim' };
const COLUMNS = [
  { head: '' },
  { head: 'MODEL', keepsEnd: true },
  { head: 'SIZE', side: 'start' },
  { head: 'STATE' },
] as const;

function renderVerify({ models, repaired }: VerifyResult, display: Display, quiet: boolean): string {
  const { style, columns } = display;
  const shown = quiet ? models.filter(({ status }) => status === 'corrupt' || status === 'missing') : models;
  const rows = shown.map((model) => {
    const [text, format] = stateOf(model, repaired.includes(model.name));
    const paint = (painted: string): string => style(format, painted);
    return [
      { text: markOf(model.status, display), paint },
      // A name of the list may be any string.
      { text: printable(shortName(model.name)) },
      { text: model.file ? formatBytes(model.file.size) : '' },
      { text, paint },
    ];
  });
  const lines = [
    ...(rows.length > 0 ? layTable({ columns: COLUMNS, rows }, display) : []),
    ...shown.flatMap((model) => damage(model, columns)),
    ...(quiet ? [] : [summary(models)]),
    ...advice(models, display),
  ];
  return lines.map((text) => `${text}\n`).join('');
}

function markOf(status: Status, { glyphs }: Display): string {
  return { ok: glyphs.ok, corrupt: glyphs.error, missing: glyphs.missing, unknown: '?' }[status];
}

function stateOf({ status, isChanging }: Inspected, isRepaired: boolean): readonly [string, Format] {
  if (status === 'ok') return [isRepaired ? 'repaired' : 'ok', 'green'];
  if (status !== 'unknown') return [status, COLOURS[status]];
  return isChanging
    ? ['unknown: another process is writing to it; verify it again later', 'yellow']
    : ['unknown: no sha256 to compare with', 'dim'];
}

/** What a corrupt file is, and both hashes in full, for comparing them. */
function damage({ name, status, expected, actual, identity }: Inspected, columns: number): readonly string[] {
  if (status !== 'corrupt') return [];
  const what = identity ? wrap(`${shortName(name)}: ${describe(identity)}`, columns) : [`${shortName(name)}:`];
  return [...what, `  sha256 ${actual}`, `  not    ${expected}`];
}

function summary(models: readonly Inspected[]): string {
  if (models.length === 0) return 'No model is active, and none is on disk';
  const parts = (['ok', 'corrupt', 'missing', 'unknown'] as const).flatMap((wanted) => {
    const found = models.filter(({ status }) => status === wanted);
    return found.length > 0 ? [`${found.length} ${wanted}`] : [];
  });
  const bytes = models.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
  return `${parts.join(', ')}; ${formatBytes(bytes)} hashed`;
}

function advice(models: readonly Inspected[], display: Display): readonly string[] {
  const { style } = display;
  const numberOf = (wanted: Status): number => models.filter(({ status }) => status === wanted).length;
  const corrupt = numberOf('corrupt');
  return [
    ...(corrupt > 0
      ? [`Run ${style('cyan', 'whisper verify --repair')} to replace the ${count(corrupt, 'corrupt model')}`]
      : []),
    ...missingAdvice(models, display),
  ];
}

/** What nothing is known of cannot be fetched, and keeps the rest from it; what is not listed is not fetched by `sync`. */
function missingAdvice(models: readonly Inspected[], { style }: Display): readonly string[] {
  const missing = models.filter(({ status }) => status === 'missing');
  const listed = missing.filter(({ isActive }) => isActive);
  const others = missing
    .filter(({ isActive, expected }) => !isActive && expected !== null)
    .map(({ name }) => shortName(name));
  const isKnown = listed.every(({ expected }) => expected !== null);
  const sync = isKnown
    ? `Run ${style('cyan', 'whisper sync')} to download the missing models`
    : `Run ${style('cyan', 'whisper check')} for the models that cannot be downloaded`;
  const download = `Run ${style('cyan', `whisper download ${others.join(' ')}`)} for the others`;
  return [...(listed.length > 0 ? [sync] : []), ...(others.length > 0 ? [download] : [])];
}
