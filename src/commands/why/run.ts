import { wrap } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import { formatBytes } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { type WhyResult, why } from './why.ts';

export const run: Run = async (context, { options, operands }) => {
  const result = await why(context, { ...commonOptions(options), model: operands[0] ?? '' });
  return { json: result, text: renderWhy(result, context.display), exitCode: EXIT.done };
};

const LABEL_CELLS = 10;

function renderWhy(result: WhyResult, display: Display): string {
  const { name, path, size, downloaded, keptBy, inUse, record, verifiedAt, refetch } = result;
  const { style, glyphs } = display;
  const room = Math.max(20, display.columns - LABEL_CELLS - 2);
  const rows = (label: string, text: string): readonly string[] =>
    wrap(printable(text), room).map(
      (line, index) => `  ${style('dim', (index === 0 ? label : '').padEnd(LABEL_CELLS))}${line}`,
    );
  const mark = downloaded ? style('green', glyphs.active) : style('yellow', glyphs.missing);
  const lines = [
    `${mark} ${style('bold', shortName(name))}  ${size === null ? '?' : formatBytes(size)}, ${downloaded ? 'downloaded' : 'not downloaded'}`,
    ...keptBy.flatMap(({ registry, line, blame, missing }) => [
      ...rows('kept by', `${display.path(registry)}${missing === true ? ', missing' : placeIn(line)}`),
      ...(blame
        ? rows(
            '',
            `${blame.commit?.slice(0, 9) ?? 'not committed yet'}, ${blame.author}, ${day(blame.time)}${summaryOf(blame)}`,
          )
        : []),
    ]),
    ...(keptBy.length === 0 ? rows('kept by', verdict(result)) : []),
    ...inUse.flatMap((user) => rows('in use by', user)),
    ...(downloaded ? rows('file', display.path(path)) : []),
    ...(record
      ? rows('record', `downloaded ${day(record.fetchedAt)}${record.url === '' ? '' : ` from ${record.url}`}`)
      : []),
    ...(downloaded ? rows('verified', verifiedAt === null ? 'never; run whisper verify' : day(verifiedAt)) : []),
    ...rows(
      'again',
      refetch
        ? `${refetch.bytes === null ? 'unknown size' : formatBytes(refetch.bytes)} from ${refetch.repo}`
        : 'cannot be downloaded again',
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function verdict({ downloaded, managed, unverified, refused, inUse }: WhyResult): string {
  if (!downloaded) return 'no registry';
  if (refused) return 'no readable registry, but prune is refused: run whisper prune --dry-run to see why';
  if (inUse.length > 0) return 'no registry, but it is in use: whisper prune keeps it';
  if (unverified) return 'no registry: whisper prune hashes it and removes it if it matches the catalogue';
  return managed ? 'no registry: whisper prune removes it' : 'no registry, but it is unmanaged: whisper prune keeps it';
}

function summaryOf({ commit, summary }: { readonly commit: string | null; readonly summary: string }): string {
  return commit === null || summary === '' ? '' : `: ${summary}`;
}

function placeIn(line: number | null): string {
  return line === null ? ', computed' : `:${line}`;
}

function day(time: string): string {
  return time.slice(0, 10);
}
