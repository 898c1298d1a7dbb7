import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { toSri } from '../../core/catalogue/entries.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import { count } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { Rewritten } from '../apply/lockfile.ts';
import { lock } from './lock.ts';

export const run: Run = async (context, { options }) => {
  const result = await lock(context, commonOptions(options));
  const { file, added, removed, kept, pins } = result;
  const models = pins.map(({ file: name, repo, revision, size, sha256 }) => {
    return { file: name, repo, revision, size, sha256: toSri(sha256) };
  });
  return {
    json: { file, added, removed, kept, models },
    text: renderLock(result, context.display, options.quiet === true),
    exitCode: EXIT.done,
  };
};

function renderLock(
  { file, added, removed, pins, isWritten }: Rewritten,
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
  return hangingText(lines, columns);
}
