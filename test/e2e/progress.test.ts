import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { assertGivenBack, running, untilClean } from '../support/running.ts';
import { needsPrograms } from '../support/needs.ts';
import { BASE, registryText, SIZES, SMALL, TINY } from '../support/watch-project.ts';

const needsTmux = needsPrograms('tmux');

test('progress of two models follows the size of the terminal, and Ctrl-C removes it', needsTmux, async (t) => {
  const { terminal, start } = await running(t, [TINY, BASE], [TINY, BASE]);
  await start('sync');
  await untilClean(terminal);
  assert.equal(await terminal.variable('cursor_flag'), '0');
  assert.equal(await terminal.variable('pane_title'), '44 % whisper');
  for (const [columns, rows] of [
    [50, 24],
    [100, 24],
    [40, 12],
    [100, 24],
  ] as const) {
    await terminal.resize({ columns, rows });
    await untilClean(terminal);
  }
  await terminal.press('\x03');
  await terminal.untilScreen(/Interrupted[^]*ended 130/);
  await assertGivenBack(terminal);
});

for (const [signal, says, code] of [
  ['SIGTERM', 'Terminated', 143],
  ['SIGHUP', 'Terminated', 143],
  ['SIGQUIT', 'Quit', 131],
] as const) {
  test(`${signal} restores the terminal`, needsTmux, async (t) => {
    const { scratch, terminal, start } = await running(t, [TINY, BASE], [TINY, BASE]);
    await start('sync');
    await untilClean(terminal);
    process.kill(Number(scratch.read('pid')), signal);
    await terminal.untilScreen(new RegExp(`${says}[^]*ended ${code}`));
    await assertGivenBack(terminal);
  });
}

test('a complete model leaves the progress block, and the block disappears at the end', needsTmux, async (t) => {
  const { hub, terminal, start } = await running(t, [], [TINY, BASE, SMALL]);
  let release = (): void => {};
  const slowHeaders = new Promise<void>((done) => (release = done));
  hub.inject({ where: 'cdn', match: BASE, slowHeaders });
  await start('sync --json 2>&1 >json');
  await terminal.untilScreen(/^base\.en .* 0 %.* connecting\n2 of 3 models +━[━╸╺]* +66 %/m);
  assert.doesNotMatch(await terminal.screen(), /^(tiny|small)\.en /m);
  release();
  await terminal.untilScreen(/ended 0/);
  await assertGivenBack(terminal);
});

test('Ctrl-Z restores the terminal until the program resumes', needsTmux, async (t) => {
  const { terminal, start } = await running(t, [TINY, BASE], [TINY, BASE]);
  await start('sync');
  await untilClean(terminal);
  await terminal.press('\x1a');
  await terminal.untilScreen(/Stopped|Suspended/i);
  await assertGivenBack(terminal);
  await terminal.press('clear; fg\r');
  await untilClean(terminal);
  await terminal.press('\x03');
  await terminal.untilScreen(/Interrupted\n.*\n[$#]/);
  await assertGivenBack(terminal);
});

test('the status line of a session is shown below the progress of its downloads', needsTmux, async (t) => {
  const { scratch, models, terminal, start } = await running(t, [TINY], [BASE]);
  scratch.writeModel(BASE, models[BASE]?.content ?? Buffer.alloc(0));
  await start('watch --download --undo 600');
  await terminal.untilScreen(/q quit/);
  scratch.writeRegistry(registryText([TINY]));
  const both = /^tiny\.en +━[━╸╺]* +50 %.*\nu restores the removed models, for \d+ min \d+ s\n*$/m;
  await terminal.untilScreen(both);
  await terminal.press('l');
  await terminal.untilScreen(/reclaimable/);
  const screen = await terminal.untilScreen(both);
  assert.deepEqual([screen.match(/%/g)?.length, screen.match(/u restores/g)?.length], [1, 1], screen);
  await terminal.press('q');
  await terminal.untilScreen(/stopped: [^]*ended 0/);
  await assertGivenBack(terminal);
});

test('verify shows the progress of hashing', async (t) => {
  const { scratch, models, run } = await hubProject(t, SIZES, registryText([BASE, TINY]));
  for (const name of [BASE, TINY]) scratch.writeModel(name, models[name]?.content ?? Buffer.alloc(0));
  const { code, stderr } = await run(['verify'], { tty: true });
  assert.equal(code, 0);
  assert.match(stderr, /^\x1b\[\?25l[^]*\r(base|tiny)\.en .*0 of 2 models.*\x1b\[\?25h$/s);
  assert.equal((await run(['verify'])).stderr, '');
});

test('without a capable terminal, and with --quiet, no progress is shown', async (t) => {
  const { run } = await hubProject(t, SIZES);
  const shown = await run(['download', 'tiny.en'], { tty: true });
  assert.match(shown.stderr, /^\x1b\[\?25l[^]*\rtiny\.en [^]*\x1b\[\?25h$/);
  assert.equal((await run(['download', 'tiny.en', '--force'])).stderr, '');
  assert.equal((await run(['download', 'tiny.en', '--force'], { tty: true, env: { TERM: 'dumb' } })).stderr, '');
  assert.equal((await run(['download', 'tiny.en', '--force', '-q'], { tty: true })).stderr, '');
});
