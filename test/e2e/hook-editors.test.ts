import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { GIT_BLOCK } from '../../src/core/hooks/repository.ts';
import { SNIPPETS } from '../../src/core/hooks/snippets.ts';
import { hubProject } from '../support/hub-project.ts';
import { MAIN } from '../support/released.ts';
import type { Scratch } from '../support/scratch.ts';
import { environment } from '../support/saves/save-way.ts';
import { Terminal } from '../support/saves/terminal.ts';
import { until } from '../support/saves/until.ts';
import { needsPrograms } from '../support/needs.ts';
import { BASE, registryText, SIZES, SMALL, TINY } from '../support/watch-project.ts';

/** Nothing in a path may be read as anything but a name. */
const HOSTILE = `it's a $(touch pwned) "folder" %s 'x\` | #`;

interface Editing {
  readonly scratch: Scratch;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Waits until the file of a model is gone, as the hook has it. */
  readonly untilGone: (name: string) => Promise<void>;
}

/** A project in a folder with a hostile name, whose `whisper` is the one that was built. */
async function editing(t: TestContext): Promise<Editing> {
  const { scratch, models, env } = await hubProject(t, SIZES);
  for (const [name, { content }] of Object.entries(models)) scratch.writeModel(name, content);
  const file = scratch.write(join(HOSTILE, 'whisper-manager.nix'), registryText([TINY, BASE, SMALL]));
  rmSync(scratch.registry);
  scratch.write('bin/whisper', `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, 0o755);
  const path = `${join(scratch.path, 'bin')}:${process.env['PATH'] ?? ''}`;
  const own = { ...environment(scratch.path), ...env, PATH: path, WHISPER_MODELS_PATH: scratch.models };
  const untilGone = async (name: string): Promise<void> => {
    await until(
      () => !existsSync(join(scratch.models, name)),
      () => `${name} is still there`,
    );
  };
  return { scratch, file, env: own, untilGone };
}

/** How each editor is given its snippet, takes a model out of the list, and saves. */
const EDITORS: Readonly<
  Record<string, { readonly program: string; readonly edit: (editing: Editing) => Promise<void> }>
> = {
  vim: {
    program: 'vim',
    edit: async ({ scratch, file, env, untilGone }) => {
      const vimrc = scratch.write('vimrc', SNIPPETS.vim);
      const terminal = await Terminal.start(['vim', '-N', '-i', 'NONE', '-u', vimrc, file], scratch.path, env);
      await terminal.untilScreen(/activeModels/);
      await terminal.press(`:%s/^ *"ggml-base/# "ggml-base/\r:w\r`);
      await untilGone(BASE);
      await terminal.untilScreen(/whisper: Freed/);
      await terminal.press(`:%s/^ *"ggml-small/# "ggml-small/\r:w\r`);
      await untilGone(SMALL);
      await terminal.close(':qa!\r');
    },
  },
  neovim: {
    program: 'nvim',
    edit: async ({ scratch, file, env, untilGone }) => {
      const init = scratch.write('init.lua', SNIPPETS.neovim);
      const terminal = await Terminal.start(['nvim', '-i', 'NONE', '-u', init, file], scratch.path, env);
      await terminal.untilScreen(/activeModels/);
      await terminal.press(`:%s/^ *"ggml-base/# "ggml-base/\r:w\r`);
      await untilGone(BASE);
      await terminal.untilScreen(/whisper: removed base\.en/);
      await terminal.press(`\r:%s/^ *"ggml-small/# "ggml-small/\r:w\r`);
      await untilGone(SMALL);
      await terminal.close(':qa!\r');
    },
  },
  emacs: {
    program: 'emacs',
    edit: async ({ scratch, file, env }) => {
      const init = scratch.write('init.el', SNIPPETS.emacs);
      const save = (name: string): string =>
        `(goto-char (point-min)) (search-forward "\\"${name}\\"") (beginning-of-line) (insert "# ") (save-buffer)
         (while (file-exists-p "${join(scratch.models, name)}") (accept-process-output nil 0.05))`;
      const script = scratch.write('edit.el', `(find-file (getenv "F")) ${save(BASE)} ${save(SMALL)}`);
      const child = spawn('emacs', ['-Q', '--batch', '-l', init, '-l', script], { env: { ...env, F: file } });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(child, 'close');
      assert.match(said, /whisper: [^]*removed base\.en/);
    },
  },
  kakoune: {
    program: 'kak',
    edit: async ({ scratch, file, env, untilGone }) => {
      const kakrc = scratch.write('kakrc', SNIPPETS.kakoune);
      const own = { ...env, XDG_RUNTIME_DIR: scratch.path };
      const quoted = `'${kakrc.replaceAll("'", "''")}'`;
      const terminal = await Terminal.start(['kak', '-n', '-e', `source ${quoted}`, file], scratch.path, own);
      await terminal.untilScreen(/activeModels/);
      await terminal.press(`:execute-keys %{%s^\\h*"ggml-base<ret>I# <esc>}\r:w\r`);
      await untilGone(BASE);
      await terminal.untilScreen(/whisper: [^]*removed base\.en/);
      await terminal.press(`:execute-keys %{%s^\\h*"ggml-small<ret>I# <esc>}\r:w\r`);
      await untilGone(SMALL);
      await terminal.close(':q\r');
    },
  },
};

for (const [name, { program, edit }] of Object.entries(EDITORS)) {
  test(`a save in ${name} prunes with the printed snippet`, needsPrograms(program, 'tmux'), async (t) => {
    const project = await editing(t);
    await edit(project);
    await project.untilGone(SMALL);
    assert.deepEqual(project.scratch.modelNames(), [TINY]);
    assert.ok(!existsSync(join(project.scratch.path, 'pwned')) && !existsSync('pwned'));
  });
}

test('a checkout and a merge prune with the printed hooks', async (t) => {
  const { scratch, file, env } = await editing(t);
  const home = join(scratch.path, HOSTILE);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', home, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
      env: { ...env, GIT_CONFIG_GLOBAL: '/dev/null' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'all');
  git('checkout', '-qb', 'fewer');
  writeFileSync(file, registryText([TINY, SMALL]));
  git('commit', '-qam', 'fewer');
  git('checkout', '-q', 'main');
  git('checkout', '-qb', 'word');
  git('commit', '-q', '--allow-empty', '-m', 'a word');
  for (const hook of ['post-checkout', 'post-merge'])
    scratch.write(join(home, '.git/hooks', hook), SNIPPETS.git, 0o755);
  assert.ok(SNIPPETS.git.endsWith(GIT_BLOCK));

  const all = scratch.modelNames();
  git('checkout', '-q', 'fewer', '--', '.');
  assert.equal(scratch.read(file), registryText([TINY, SMALL]));
  assert.deepEqual(scratch.modelNames(), all, 'a checkout of single files prunes nothing');
  git('checkout', '-q', 'HEAD', '--', '.');

  git('merge', '-q', '--no-edit', 'fewer');
  assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);
  writeFileSync(file, registryText([TINY]));
  git('commit', '-qam', 'one');
  git('checkout', '-q', 'main');
  assert.deepEqual(scratch.modelNames(), [SMALL, TINY]);
  git('checkout', '-q', 'word');
  assert.deepEqual(scratch.modelNames(), [TINY]);
});
