import { join } from 'node:path';
import { findRepository, isInside, readIfExists, writeRepositoryFile } from '../../adapters/git/repository-files.ts';
import { printable } from '../../core/catalogue/names.ts';
import { nearest } from '../../core/catalogue/suggest.ts';
import { type WhisperError, EXIT } from '../../core/errors.ts';
import { GIT_HOOKS, type Installed, withGitBlock, withPreCommitEntry } from '../../core/hooks/repository.ts';
import { type HookName, isHook, OTHER_NAMES, SNIPPETS } from '../../core/hooks/snippets.ts';
import { hookRefused, installNotSupported, sharedHook, unknownHook } from '../../core/messages/environment.ts';
import { programName, withProgramName } from '../../core/program-name.ts';
import type { Run } from '../definition.ts';
import type { Context } from '../session/context.ts';

export const run: Run = async (context, { options, operands }) => {
  const result = await hook(context, operands[0] ?? '', options.install === true);
  const { snippet, installed } = result;
  const lines = installed.map((path) => `${context.display.style('green', 'installed')} in ${printable(path)}\n`);
  return { json: result, text: options.install === true ? lines.join('') : snippet, exitCode: EXIT.done };
};

interface HookResult {
  readonly editor: HookName;
  readonly snippet: string;
  readonly installed: readonly string[];
}

async function hook(context: Context, editor: string, install: boolean): Promise<HookResult> {
  if (!isHook(editor)) throw noHook(editor);
  const snippet = withProgramName(SNIPPETS[editor], programName(context.host.program));
  if (!install) return { editor, snippet, installed: [] };
  if (editor === 'git') return { editor, snippet, installed: await installGitHooks(context) };
  if (editor === 'pre-commit') return { editor, snippet, installed: await installPreCommit(context) };
  throw installNotSupported(editor);
}

/** Refuses before the first file is written. */
async function installGitHooks({ host }: Context): Promise<readonly string[]> {
  const { hooks, common, top } = await findRepository(host.cwd, host);
  const name = programName(host.program);
  const files = GIT_HOOKS.map((hookName) => {
    const path = join(hooks, hookName);
    if (!isInside(path, common) && !isInside(path, top)) throw sharedHook(path, 'git');
    return { path, text: textOf(withGitBlock(readIfExists(path), name), path, 'git') };
  });
  for (const { path, text } of files) if (readIfExists(path) !== text) writeRepositoryFile(path, text, 0o755);
  return files.map(({ path }) => path);
}

async function installPreCommit({ host }: Context): Promise<readonly string[]> {
  const { top } = await findRepository(host.cwd, host);
  const path = join(top, '.pre-commit-config.yaml');
  if (!isInside(path, top)) throw hookRefused(path, 'it is a link to a file outside the repository', 'pre-commit');
  const text = textOf(withPreCommitEntry(readIfExists(path), programName(host.program)), path, 'pre-commit');
  if (readIfExists(path) !== text) writeRepositoryFile(path, text, 0o644);
  return [path];
}

function textOf(installed: Installed, path: string, editor: HookName): string {
  if ('text' in installed) return installed.text;
  throw hookRefused(path, installed.refusal, editor);
}

function noHook(editor: string): WhisperError {
  const names = Object.keys(SNIPPETS);
  return unknownHook(editor, names, OTHER_NAMES.get(editor) ?? nearest(editor, names, 1)[0]);
}
