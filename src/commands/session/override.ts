import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { errnoCode } from '../../adapters/fs/errors.ts';
import { modelsDirOverridden } from '../../core/messages/notices.ts';
import type { CommonOptions, Context } from './context.ts';
import { expandHome, type Session } from './session.ts';

/** Commands that have warned: each may read its registry several times. */
const WARNED = new WeakSet<Context>();

/**
 * For commands that write: says once that `WHISPER_MODELS_PATH` names another directory than the `modelsDir` of the registry, as
 * it does in a shell that has kept the variables of another project. Nix is not asked: a computed `modelsDir` is not compared.
 */
export function warnOfOverride(context: Context, options: CommonOptions, { registry, modelsDir }: Session): void {
  const { host, reporter } = context;
  const setting = registry.modelsDir;
  const isGiven = options.modelsDir === undefined && host.environment['WHISPER_MODELS_PATH'];
  if (!isGiven || setting === undefined || !('value' in setting) || WARNED.has(context)) return;
  const path = expandHome(setting.value, host);
  if (!isAbsolute(path) || resolve(path) === modelsDir.path || realFolder(path) === realFolder(modelsDir.path)) return;
  WARNED.add(context);
  reporter.notice(modelsDirOverridden(modelsDir.path, resolve(path), registry.file));
}

/** A path without links, also where its end does not exist yet. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const isMissing = errnoCode(error) === 'ENOENT' && dirname(path) !== path;
    return isMissing ? join(realFolder(dirname(path)), basename(path)) : path;
  }
}
