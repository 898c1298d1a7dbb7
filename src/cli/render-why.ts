import type { WhyResult } from '../commands/why.ts';
import { printable, shortName } from '../core/models/name.ts';
import { formatBytes, type Style } from './style.ts';

/** Why a model is here, one thing a line. */
export function renderWhy(result: WhyResult, style: Style): string {
  const { name, path, size, downloaded, managed, keptBy, inUse, record, verifiedAt, refetch } = result;
  const row = (label: string, text: string): string => `  ${label.padEnd(9)} ${printable(text)}`;
  const lines = [
    `${style('bold', shortName(name))}  ${size === null ? '?' : formatBytes(size)}, ${downloaded ? 'downloaded' : 'not downloaded'}`,
    ...keptBy.flatMap(({ registry, line, blame }) => [
      row('kept by', line === null ? `${registry}, computed` : `${registry}:${line}`),
      ...(blame
        ? [
            row(
              '',
              `${blame.commit?.slice(0, 9) ?? 'not committed yet'}, ${blame.author}, ${day(blame.time)}${summaryOf(blame)}`,
            ),
          ]
        : []),
    ]),
    ...(keptBy.length === 0 ? [row('kept by', verdict(downloaded, managed))] : []),
    ...inUse.map((user) => row('in use by', user)),
    ...(downloaded ? [row('file', path)] : []),
    ...(record
      ? [row('record', `fetched ${day(record.fetchedAt)}${record.url === '' ? '' : ` from ${record.url}`}`)]
      : []),
    ...(downloaded ? [row('verified', verifiedAt === null ? 'never; whisper verify does' : day(verifiedAt))] : []),
    row(
      'again',
      refetch
        ? `${refetch.bytes === null ? 'an unknown size' : formatBytes(refetch.bytes)} from ${refetch.repo}`
        : 'cannot be fetched again',
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function verdict(downloaded: boolean, managed: boolean): string {
  if (!downloaded) return 'nobody';
  return managed ? 'nobody: whisper prune removes it' : 'nobody, but it is unmanaged: whisper prune leaves it alone';
}

function summaryOf({ commit, summary }: { readonly commit: string | null; readonly summary: string }): string {
  return commit === null || summary === '' ? '' : `: ${summary}`;
}

function day(time: string): string {
  return time.slice(0, 10);
}
