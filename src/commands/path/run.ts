import { EXIT } from '../../core/errors.ts';
import { notDownloaded } from '../../core/messages/notices.ts';
import { openPurged } from '../apply/open-purged.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { meantModel } from '../session/known-models.ts';

export const run: Run = async (context, { options, operands }) => {
  const result = await path(context, { ...commonOptions(options), model: operands[0] ?? '' });
  if (!result.downloaded) context.reporter.notice(notDownloaded(result.name));
  return { json: result, text: `${result.path}\n`, exitCode: result.downloaded ? EXIT.done : EXIT.disk };
};

interface PathResult {
  readonly name: string;
  readonly path: string;
  readonly downloaded: boolean;
}

/** The absolute path that a model has, or would have. */
export async function path(context: Context, options: CommonOptions & { readonly model: string }): Promise<PathResult> {
  const session = await openPurged(context, options);
  const { modelsDir } = session;
  const { files } = await modelsDir.scan();
  const name = meantModel(options.model, session, files);
  return { name, path: modelsDir.modelPath(name), downloaded: files.some((file) => file.name === name) };
}
