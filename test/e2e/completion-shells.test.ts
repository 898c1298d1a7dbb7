import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { SCRIPTS, type ShellName } from '../../src/core/completion/scripts.ts';
import { needs } from '../support/needs.ts';
import type { Terminal } from '../support/saves/terminal.ts';
import { Scratch } from '../support/scratch.ts';
import { openShell, syntaxErrors, whyNoShell } from '../support/shell-session.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const ODD = "odd $(touch x) it's & `touch x`";
const TAB = '\t';

for (const shell of Object.keys(SCRIPTS) as readonly ShellName[]) {
  const needsShell = needs(whyNoShell(shell));
  /** Where nothing can be added to a word, bash lists what there is at the second tab, fish and zsh at the first. */
  const list = shell === 'bash' ? `${TAB}${TAB}` : TAB;

  const project = async (t: TestContext): Promise<{ scratch: Scratch; terminal: Terminal }> => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry([TINY, BASE, ODD]);
    scratch.write('my dir/own list.nix', '{ pkgs }: { activeModels = [ "ggml-small.en-tdrz.bin" ]; }');
    scratch.write('media/clip.wav', '');
    scratch.write('medium.txt', '');
    return { scratch, terminal: await openShell(t, shell, scratch) };
  };
  const completes = (what: string, typed: string, shows: RegExp, more?: readonly [string, RegExp]): void => {
    test(`${shell} completes ${what}`, needsShell, async (t) => {
      const { scratch, terminal } = await project(t);
      await terminal.press(typed);
      await terminal.untilScreen(shows);
      if (more) {
        await terminal.press(more[0]);
        await terminal.untilScreen(more[1]);
      }
      assert.equal(scratch.exists('x'), false);
    });
  };

  completes('a command, and then active models', `whisper rem${TAB}`, /^ready> whisper remove$/m, [
    list,
    /tiny\.en\b.*base\.en\b|base\.en\b.*tiny\.en\b|tiny\.en\b[^]*\nbase\.en\b/,
  ]);
  completes('models of the catalogue', `whisper download lar${TAB}`, /download large-v/, [
    list,
    /large-v1\b[^]*large-v3-turbo-q8_0/,
  ]);
  completes(
    'full names of models',
    `whisper-download ggml-silero-v5${TAB}`,
    /whisper-download ggml-silero-v5\.1\.2\.bin/,
  );
  completes('options', `whisper list --${list}`, /--(all|attr)\b[^]*--no-eval\b/, [
    `models${TAB}`,
    /whisper list --models-dir$/m,
  ]);
  completes('files with a space', `whisper list --file my${TAB}`, /--file my\\ dir\/$/m, [
    `own${TAB}`,
    /--file my\\ dir\/own\\ list\.nix/,
  ]);
  completes('files behind a =', `whisper list --file=my${TAB}`, /--file=my\\ dir\//);
  completes('nothing but folders', `whisper list --models-dir=med${TAB}`, /--models-dir=media\/?$/m);
  completes(
    'by the list that the line names',
    `whisper -f my\\ dir/own\\ list.nix remove small${TAB}`,
    /remove small\.en-tdrz/,
  );
  completes(
    'a line without running what is in it',
    `whisper remove "$(touch x)" \`touch x\` $(touch x) bas${TAB}`,
    /\$\(touch x\) base\.en/,
  );

  test(`${shell} completes unusual names as one word`, needsShell, async (t) => {
    const { scratch, terminal } = await project(t);
    await terminal.press(`whisper remove odd${TAB}`);
    await terminal.untilScreen(/remove (odd\\ |'odd )/);
    await terminal.press('\r');
    await terminal.untilScreen(/is no longer active/);
    assert.match(scratch.read(scratch.registry), /^ +# "odd /m);
    assert.equal(scratch.exists('x'), false);
  });

  test(`${shell} can read the script as it is printed`, needsShell, async (t) => {
    const scratch = Scratch.create(t);
    const { code, stdout } = await scratch.run(['completions', shell]);
    assert.equal(code, 0);
    assert.equal(syntaxErrors(shell, scratch.write('script', stdout)), '');
  });
}
