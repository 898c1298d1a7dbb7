import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { MAIN } from '../support/released.ts';
import { environment } from '../support/saves/save-way.ts';
import { Terminal } from '../support/saves/terminal.ts';
import type { Scratch } from '../support/scratch.ts';
import { needsPrograms } from '../support/needs.ts';
import { BASE, registryText, SIZES, SMALL, TINY } from '../support/watch-project.ts';

const needsTmux = needsPrograms('tmux');

/** A shell in a terminal that a session was started in. */
async function session(
  t: TestContext,
  args = '',
  text = registryText([TINY, BASE, SMALL]),
): Promise<{ readonly scratch: Scratch; readonly terminal: Terminal }> {
  const { scratch, env, models } = await hubProject(t, SIZES, text);
  for (const [name, { content }] of Object.entries(models)) scratch.writeModel(name, content);
  const own = { ...environment(scratch.path), ...env, WHISPER_MODELS_PATH: scratch.models, PS1: '$ ', ENV: '' };
  const terminal = await Terminal.start(['sh'], scratch.path, own);
  t.after(() => terminal.close('exit\r'));
  const program = `cd '${scratch.path}'; '${process.execPath}' '${MAIN}' watch ${args}`;
  await terminal.press(`${program}; echo ended $?, $(stty -a | grep -o '[-]*icanon')\r`);
  await terminal.untilScreen(/u undo {2}p prune now {2}l list {2}q quit/);
  return { scratch, terminal };
}

test('keys undo, prune, list and quit, and the terminal is restored', needsTmux, async (t) => {
  const { scratch, terminal } = await session(t);
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await terminal.untilScreen(/removed base\.en \(5\.0 kB\)[^]*u restores the removed models, for \d+ s/);
  await terminal.press('u');
  await terminal.untilScreen(/restored base\.en/);
  assert.equal(scratch.read(scratch.registry), registryText([TINY, BASE, SMALL]));
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  await terminal.untilScreen(/restored base\.en\s*$/);
  await terminal.press('u');
  await terminal.untilScreen(/Nothing to undo/);

  await terminal.press('l');
  await terminal.untilScreen(/● base\.en .* active[^]*reclaimable/);
  await terminal.press('p');
  await terminal.untilScreen(/Nothing to prune/);
  await terminal.press('q');
  await terminal.untilScreen(/stopped: 1 removed \(5\.0 kB\), 1 restored\s+ended 0, icanon\n[$#]/);
});

test('undo turns short names on again, and adds deleted ones as short names', needsTmux, async (t) => {
  const text = '{ activeModels = [\n  "tiny.en"\n  "base.en" # for meetings\n  "small.en"\n]; }\n';
  const { scratch, terminal } = await session(t, '', text);
  scratch.writeRegistry(text.replace('"base.en"', '# "base.en"').replace('  "small.en"\n', ''));
  await terminal.untilScreen(/u restores the removed models, for \d+ s/);
  await terminal.press('u');
  await terminal.untilScreen(/restored (base\.en, small\.en|small\.en, base\.en)/);
  assert.equal(scratch.read(scratch.registry), text);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  await terminal.press('q');
  await terminal.untilScreen(/ended 0, icanon/);
});

test('Ctrl-C ends a session with 130, and p prunes during a pause', needsTmux, async (t) => {
  const { scratch, terminal } = await session(t, '--undo 0');
  scratch.writeModel('ggml-mine.bin', Buffer.from('my own'));
  scratch.write(join(scratch.path, '.git/MERGE_HEAD'), 'x');
  scratch.writeRegistry(registryText([TINY, SMALL]));
  await terminal.untilScreen(/paused: git is in the middle of a merge/);
  assert.ok(scratch.exists(`models/${BASE}`));
  await terminal.press('p');
  await terminal.untilScreen(/removed base\.en/);
  assert.deepEqual(scratch.modelNames(), ['ggml-mine.bin', SMALL, TINY]);
  await terminal.press('\x03');
  await terminal.untilScreen(/stopped: 1 removed \(5\.0 kB\)\s+ended 130, icanon\n[$#]/);
});

test('Ctrl-Z suspends a session, and fg resumes it', needsTmux, async (t) => {
  const { scratch, terminal } = await session(t);
  await terminal.press('\x1a');
  await terminal.untilScreen(/Stopped|Suspended/i);
  await terminal.press('fg\r');
  scratch.writeRegistry(registryText([TINY]));
  await terminal.untilScreen(/removed base\.en/);
  await terminal.press('q');
  await terminal.untilScreen(/stopped: 2 removed.*\n[$#]/);
});
