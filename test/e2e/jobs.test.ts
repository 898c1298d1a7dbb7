import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picking } from '../support/picking.ts';
import { MAIN } from '../support/released.ts';
import { running } from '../support/running.ts';
import { needsPrograms } from '../support/needs.ts';
import { SMALL, TINY } from '../support/watch-project.ts';

const needsTmux = needsPrograms('tmux');
const needsNohup = needsPrograms('tmux', 'nohup');

for (const [command, shows, end] of [
  ['download', /Which models\?[^]*disk {4}/, '\x03'],
  ['watch', /u undo {2}p prune now {2}l list {2}q quit/, 'q'],
] as const) {
  test(`Ctrl-Z suspends a script together with its whisper ${command}`, needsTmux, async (t) => {
    const { terminal, scratch } = await picking(t);
    const program = `'${process.execPath}' '${MAIN}' ${command}`;
    const script = scratch.write('script.sh', `cd '${scratch.path}'\n${program}\necho "went on"\n`);
    await terminal.press(`clear; sh '${script}'\r`);
    await terminal.untilScreen(shows);
    await terminal.press('\x1a');
    await terminal.untilScreen(/Stopped|Suspended/i);
    await terminal.press('clear; stty -a | grep -o "[-]*icanon"\r');
    await terminal.untilScreen(/^icanon\n/m);
    await terminal.press('fg\r');
    await terminal.untilScreen(command === 'download' ? shows : /fg\n.*sh /);
    await terminal.press(end);
    await terminal.untilScreen(/^went on\n/m);
  });
}

test('a download in the background does not write to the terminal', needsTmux, async (t) => {
  const { hub, terminal, start } = await running(t, [TINY], [TINY, SMALL]);
  let release = (): void => {};
  const slowHeaders = new Promise<void>((done) => (release = done));
  hub.inject({ where: 'cdn', match: SMALL, slowHeaders });
  await start('sync -v');
  await terminal.untilScreen(/^0 of 2 models +━/m);
  await terminal.press('\x1a');
  await terminal.untilScreen(/Stopped|Suspended/i);
  await terminal.press('clear; bg\r');
  await terminal.untilScreen(/^\[1\] /m);
  release();
  await terminal.untilScreen(/published:\s+.*small/);
  assert.doesNotMatch(await terminal.screen(), /━/);
  assert.equal(await terminal.variable('cursor_flag'), '1');
  assert.equal(await terminal.variable('pane_title'), 'mine');
  await terminal.press('fg\r');
  await terminal.untilScreen(/^1 of 2 models +━/m);
  await terminal.press('\x03');
  await terminal.untilScreen(/Interrupted/);
});

test('a download under nohup survives its terminal', needsNohup, async (t) => {
  const { scratch, hub, terminal, start } = await running(t, [], [TINY]);
  let release = (): void => {};
  const slowHeaders = new Promise<void>((done) => (release = done));
  hub.inject({ where: 'cdn', match: TINY, slowHeaders });
  await start('sync', 'nohup');
  await terminal.until(() => hub.requests.some(({ origin }) => origin === 'cdn'));
  process.kill(Number(scratch.read('pid')), 'SIGHUP');
  release();
  await terminal.untilScreen(/ended 0/);
  assert.deepEqual(scratch.modelNames(), [TINY]);
  assert.match(scratch.read('nohup.out'), /downloaded tiny\.en/);
});
