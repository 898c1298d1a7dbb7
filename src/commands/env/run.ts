import { EXIT } from '../../core/errors.ts';
import { noActiveModel, notDownloaded } from '../../core/messages/notices.ts';
import { shellValue } from '../../core/shell-value.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { env } from './env.ts';

export const run: Run = async (context, { options, operands }) => {
  const { modelsDir, model } = await env(context, { ...commonOptions(options), model: operands[0] });
  if (model === undefined) context.reporter.notice(noActiveModel());
  else if (!model.downloaded) context.reporter.notice(notDownloaded(model.name));
  const json = {
    WHISPER_MODELS_PATH: modelsDir,
    WHISPER_MODEL: null,
    ...(model && { [model.variable]: model.path }),
    WHISPER_THREADS: model?.advice?.threads ?? null,
    BUFFER_DURATION: model?.advice?.bufferSeconds ?? null,
  };
  const lines = Object.entries(json)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${shellValue(String(value))}\n`);
  return { json, text: lines.join(''), exitCode: model?.downloaded === false ? EXIT.disk : EXIT.done };
};
