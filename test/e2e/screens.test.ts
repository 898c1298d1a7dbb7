import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { width } from '../../src/adapters/terminal/cells.ts';
import { hubProject } from '../support/hub-project.ts';
import { MAIN } from '../support/released.ts';
import { environment } from '../support/saves/save-way.ts';
import { Terminal } from '../support/saves/terminal.ts';
import { needsPrograms } from '../support/needs.ts';

const needsTmux = needsPrograms('tmux');

const LONG = 'ggml-a-fine-tune-of-somebody-with-a-very-long-name.bin';
const LISTED = ['ggml-base.en-q5_1.bin', 'ggml-small.en-q5_1.bin', 'ggml-tny.en.bin'];
const SIZES = { 'ggml-base.en-q5_1.bin': 60_000, 'ggml-small.en-q5_1.bin': 190_000, 'ggml-tiny.en.bin': 75_000 };

/** A shell in a terminal so wide, in a project where there is something of everything to see. */
async function shell(t: TestContext, columns: number, more: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const { scratch, env, place } = await hubProject(t, SIZES, LISTED);
  await place(['ggml-base.en-q5_1.bin', 'ggml-tiny.en.bin'], true);
  scratch.writeModel(LONG, Buffer.from('my own'));
  const { TERM = '', ...others } = more;
  const own = {
    ...environment(scratch.path),
    ...env,
    WHISPER_MODELS_PATH: scratch.models,
    PS1: '$ ',
    ENV: '',
    ...others,
  };
  const terminal = await Terminal.start(['sh'], scratch.path, own, { columns, rows: 60 });
  t.after(() => terminal.close('exit\r'));
  await terminal.press(
    `cd '${scratch.path}'; w() { clear; ${TERM && `TERM=${TERM} `}'${process.execPath}' '${MAIN}' "$@"; }\r`,
  );
  return terminal;
}

async function screenOf(terminal: Terminal, command: string): Promise<readonly string[]> {
  // What the screen ends with is not what was typed.
  await terminal.press(`w ${command}; echo 'end of ''${command}'\r`);
  await terminal.untilScreen(new RegExp(`^end of ${command}\n`, 'm'));
  const lines = await terminal.lines();
  return lines.slice(0, lines.indexOf(`end of ${command}`));
}

for (const columns of [60, 80, 140]) {
  test(`at ${columns} columns no line is too wide, and what matters is there`, needsTmux, async (t) => {
    const terminal = await shell(t, columns);
    const list = await screenOf(terminal, 'list');
    for (const each of [
      /● base\.en-q5_1 +60\.0 kB/,
      /○ small\.en-q5_1/,
      /× tiny\.en .*not listed; prune re/,
      /Run whisper check to see what to fix in the list/,
    ]) {
      assert.match(list.join('\n'), each);
    }
    const all = await screenOf(terminal, 'list --all');
    const verify = await screenOf(terminal, 'verify');
    assert.match(verify.join('\n'), /✓ base\.en-q5_1[^]*○ small\.en-q5_1 .*missing/);
    const why = await screenOf(terminal, 'why small.en-q5_1');
    assert.match(why.join('\n'), /kept by +nix\/whisper-manager\.nix:5(\n|$)/);
    const doctor = await screenOf(terminal, 'doctor');
    assert.match(doctor.join('\n'), /✗ registry [^]*1 error to fix/);
    const refused = await screenOf(terminal, 'sync');
    assert.match(refused.join('\n'), /6 \| {5}"ggml-tny\.en\.bin"\n {4}\| {5}\^{17}\n/);
    for (const line of [...list, ...all, ...verify, ...why, ...doctor, ...refused]) {
      assert.ok(width(line) <= columns, `${columns}: ${line}`);
    }
  });
}

test('colours are there on a terminal, and none with NO_COLOR, --no-color or a dumb terminal', needsTmux, async (t) => {
  const colours = async (command: string, more: Readonly<Record<string, string>> = {}): Promise<boolean> => {
    const terminal = await shell(t, 80, more);
    const shown = await screenOf(terminal, command);
    assert.match(shown.join('\n'), /base\.en-q5_1/);
    return (await terminal.colours()).includes('\x1b[3');
  };
  assert.equal(await colours('list'), true);
  assert.equal(await colours('list --no-color'), false);
  assert.equal(await colours('list', { NO_COLOR: '1' }), false);
  assert.equal(await colours('list', { TERM: 'dumb' }), false);
});

test('where the locale knows ASCII only, so do the tables', needsTmux, async (t) => {
  const terminal = await shell(t, 80, { LC_ALL: 'de_DE.ISO-8859-1' });
  const list = (await screenOf(terminal, 'list')).join('\n');
  assert.match(list, /\* base\.en-q5_1 [^]*o small\.en-q5_1 [^]*x tiny\.en /);
  assert.doesNotMatch(list, /[^\x00-\x7F]/);
});
