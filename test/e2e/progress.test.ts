import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { environment } from '../support/saves/save-way.ts';
import { Terminal } from '../support/saves/terminal.ts';
import { findProgram } from '../support/servers/daemon.ts';
import { BASE, registryText, SIZES, SMALL, TINY } from '../support/watch-project.ts';

const MAIN = resolve(import.meta.dirname, '../../bin/main.cjs');
const needsTmux = { skip: findProgram('tmux') === undefined && 'no tmux' };

interface Running extends HubProject {
  readonly terminal: Terminal;
  /** Starts the program; the shell says afterwards how it ended. */
  readonly start: (args: string) => Promise<void>;
}

/** A shell in a terminal, of a project whose hub holds back the end of these models. */
async function running(t: TestContext, heldBack: readonly string[], active: readonly string[]): Promise<Running> {
  const project = await hubProject(t, SIZES, registryText(active));
  const { scratch, hub, env } = project;
  for (const match of heldBack) hub.inject({ where: 'cdn', match, times: Infinity, stall: 2000 });
  const own = { ...environment(scratch.path), ...env, WHISPER_MODELS_PATH: scratch.models, PS1: '$ ', ENV: '' };
  const terminal = await Terminal.start(['sh'], scratch.path, own);
  t.after(() => terminal.close('exit\r'));
  await terminal.resize({ columns: 100, rows: 24 });
  await terminal.press(`cd '${scratch.path}'; printf '\\033]2;mine\\007'; clear; seq 12\r`);
  const start = (args: string): Promise<void> =>
    terminal.press(`sh -c 'echo $$ > pid; exec "${process.execPath}" "${MAIN}" ${args}'; echo "ended $?"\r`);
  return { ...project, terminal, start };
}

/** Asserts that the terminal is as it was before. */
async function assertGivenBack(terminal: Terminal): Promise<void> {
  const screen = await terminal.screen();
  assert.doesNotMatch(screen, /[━╸]|%|of \d models|\? for/, screen);
  assert.equal(await terminal.variable('cursor_flag'), '1');
  assert.equal(await terminal.variable('pane_title'), 'mine');
}

const TINY_LINE = /^tiny\.en +━[━╸╺]* +50 %/m;
const BASE_LINE = /^base\.en +━[━╸╺]* +40 %/m;
const TOTAL_LINE = /^0 of 2 models +━[━╸╺]* +44 %/m;

/** Waits for one block of two models and their total, and nothing else of it anywhere. */
async function untilClean(terminal: Terminal): Promise<void> {
  await terminal.until(async () => {
    const screen = await terminal.screen();
    const isWhole = [TINY_LINE, BASE_LINE, TOTAL_LINE].every((line) => line.test(screen));
    return isWhole && screen.match(/━/g) !== null && screen.match(/%/g)?.length === 3;
  });
}

test('two models at once, in a terminal that is resized, and Ctrl-C leaves nothing of it', needsTmux, async (t) => {
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

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const) {
  test(`${signal} gives the terminal back`, needsTmux, async (t) => {
    const { scratch, terminal, start } = await running(t, [TINY, BASE], [TINY, BASE]);
    await start('sync');
    await untilClean(terminal);
    process.kill(Number(scratch.read('pid')), signal);
    await terminal.untilScreen(new RegExp(`Terminated[^]*ended ${code}`));
    await assertGivenBack(terminal);
  });
}

test('what has come leaves the block, and so does the block when all has', needsTmux, async (t) => {
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

test('Ctrl-Z gives the terminal back until the program goes on', needsTmux, async (t) => {
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

test('the line of a session and the progress of its downloads are below each other', needsTmux, async (t) => {
  const { scratch, models, terminal, start } = await running(t, [TINY], [BASE]);
  scratch.writeModel(BASE, models[BASE]?.content ?? Buffer.alloc(0));
  await start('watch --download --undo 600');
  await terminal.untilScreen(/q quit/);
  scratch.writeRegistry(registryText([TINY]));
  const both = /^tiny\.en +━[━╸╺]* +50 %.*\nu undoes the last removal, for \d+ min \d+ s\n*$/m;
  await terminal.untilScreen(both);
  await terminal.press('l');
  await terminal.untilScreen(/reclaimable/);
  await terminal.untilScreen(both);
  const screen = await terminal.screen();
  assert.deepEqual([screen.match(/%/g)?.length, screen.match(/u undoes/g)?.length], [1, 1], screen);
  await terminal.press('q');
  await terminal.untilScreen(/stopped: [^]*ended 0/);
  await assertGivenBack(terminal);
});

test('what is verified shows how far its hash is', async (t) => {
  const { scratch, models, run } = await hubProject(t, SIZES, registryText([BASE, TINY]));
  for (const name of [BASE, TINY]) scratch.writeModel(name, models[name]?.content ?? Buffer.alloc(0));
  const { code, stderr } = await run(['verify'], { tty: true });
  assert.equal(code, 0);
  assert.match(stderr, /^\x1b\[\?25l[^]*\r(base|tiny)\.en .*0 of 2 models.*\x1b\[\?25h$/s);
  assert.equal((await run(['verify'])).stderr, '');
});

test('without a terminal, on a dumb one and with --quiet there are no signs of it', async (t) => {
  const { run } = await hubProject(t, SIZES);
  const shown = await run(['download', 'tiny.en'], { tty: true });
  assert.match(shown.stderr, /^\x1b\[\?25l[^]*\rtiny\.en [^]*\x1b\[\?25h$/);
  assert.equal((await run(['download', 'tiny.en', '--force'])).stderr, '');
  assert.equal((await run(['download', 'tiny.en', '--force'], { tty: true, env: { TERM: 'dumb' } })).stderr, '');
  assert.equal((await run(['download', 'tiny.en', '--force', '-q'], { tty: true })).stderr, '');
});
