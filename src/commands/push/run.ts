import type { Style } from '../../adapters/terminal/style.ts';
import { shownAddress } from '../../core/binary-cache/substituters.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import { formatBytes } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { push, type PushResult } from './push.ts';

export const run: Run = async (context, { options, operands }) => {
  const [cache = ''] = operands;
  const result = await push(context, { ...commonOptions(options), cache });
  const { target, pushed } = result;
  return {
    json: { cache: target.shown, compression: target.compression ?? null, pushed },
    text: options.quiet === true ? '' : renderPush(result, context.display.style),
    exitCode: EXIT.done,
  };
};

function renderPush({ target, pushed }: PushResult, style: Style): string {
  if (pushed.length === 0) return 'Nothing to push: the list is empty\n';
  const lines = pushed.map(({ name, size }) => `${style('green', 'pushed')} ${shortName(name)} (${formatBytes(size)})`);
  const how = /^(file|https?):/.test(target.shown)
    ? `to download from it, run WHISPER_SUBSTITUTERS=${shownAddress(target.shown)} whisper sync`
    : 'to download from it, set WHISPER_SUBSTITUTERS to its https URL';
  const ending = `Pushed to ${shownAddress(target.shown)}; ${how}`;
  return [...lines, ending].map((line) => `${line}\n`).join('');
}
