import { lock, type LockResult } from '../commands/lock.ts';
import { EXIT } from '../core/errors.ts';
import { toSri } from '../core/catalogue/entries.ts';
import { shortName } from '../core/catalogue/names.ts';
import { hanging } from '../adapters/terminal/cells.ts';
import { displayFor, type Display } from '../adapters/terminal/display.ts';
import type { Action } from './outcome.ts';
import { commonOptions } from '../commands/option-values.ts';
import { count } from '../core/quantity.ts';

export const lockAction: Action = async (context, { options }, style) => {
  const result = await lock(context, commonOptions(options));
  const { file, added, removed, kept, pins } = result;
  const models = pins.map(({ file: name, repo, revision, size, sha256 }) => {
    return { file: name, repo, revision, size, sha256: toSri(sha256) };
  });
  return {
    json: { file, added, removed, kept, models },
    text: renderLock(result, displayFor(context.host, style), options.quiet === true),
    exitCode: EXIT.done,
  };
};

function renderLock(
  { file, added, removed, pins, isWritten }: LockResult,
  { style, columns, path }: Display,
  quiet: boolean,
): string {
  const lines = [
    ...added.map((name) => `${style('green', 'locked')} ${shortName(name)}`),
    ...removed.map((name) => `${style('red', 'unlocked')} ${shortName(name)}: it is no longer active`),
  ];
  if (!quiet)
    lines.push(
      isWritten ? `${path(file)} pins ${count(pins.length, 'model')}: commit it` : `${path(file)} is up to date`,
    );
  return lines
    .flatMap((line) => hanging(line, columns))
    .map((line) => `${line}\n`)
    .join('');
}
