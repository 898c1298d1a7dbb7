import { lock, type LockResult } from '../commands/lock.ts';
import { EXIT } from '../core/errors.ts';
import { toSri } from '../core/models/entries.ts';
import { printable, shortName } from '../core/models/name.ts';
import type { Action } from './outcome.ts';
import { commonOptions } from './settings.ts';
import { count } from '../core/quantity.ts';
import type { Style } from './style.ts';

export const lockAction: Action = async (context, { options }, style) => {
  const result = await lock(context, commonOptions(options));
  const { file, added, removed, kept, pins } = result;
  const models = pins.map(({ file: name, repo, revision, size, sha256 }) => {
    return { file: name, repo, revision, size, sha256: toSri(sha256) };
  });
  return {
    json: { file, added, removed, kept, models },
    text: renderLock(result, style, options.quiet === true),
    exitCode: EXIT.done,
  };
};

function renderLock({ file, added, removed, pins, isWritten }: LockResult, style: Style, quiet: boolean): string {
  const lines = [
    ...added.map((name) => `${style('green', 'locked')} ${shortName(name)}`),
    ...removed.map((name) => `${style('red', 'unlocked')} ${shortName(name)}: it is not active any more`),
  ];
  const path = printable(file);
  if (!quiet)
    lines.push(isWritten ? `${path} pins ${count(pins.length, 'model')}: commit it.` : `${path} is up to date.`);
  return lines.map((line) => `${line}\n`).join('');
}
