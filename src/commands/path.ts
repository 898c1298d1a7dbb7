import { requireModel } from '../core/models/catalogue.ts';
import { settleLeftovers } from './leftovers.ts';
import { openSession, type CommonOptions, type Context } from './session.ts';

export interface PathOptions extends CommonOptions {
  readonly model: string;
}

export interface PathResult {
  readonly name: string;
  readonly path: string;
  readonly downloaded: boolean;
}

/** The absolute path that a model has, or would have. */
export async function path(context: Context, options: PathOptions): Promise<PathResult> {
  const session = await openSession(context, options);
  await settleLeftovers(context, session);
  const { active, modelsDir, catalogue } = session;
  const { files } = await modelsDir.scan();
  const known = new Set([...active, ...files].map(({ name }) => name));
  const name = requireModel(options.model, catalogue, known);
  return { name, path: modelsDir.modelPath(name), downloaded: files.some((file) => file.name === name) };
}
