import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { PROGRAMS, type ShellName } from '../../src/core/completion/scripts.ts';
import { BIN } from './released.ts';
import { environment } from './saves/save-way.ts';
import { Terminal } from './saves/terminal.ts';
import type { Scratch } from './scratch.ts';
import { missingPrograms } from './needs.ts';

const PROMPT = 'ready> ';

/** Each shell without user settings, with the completion loaded in one of the documented ways. */
const STARTS: Readonly<Record<ShellName, (folder: string) => readonly string[]>> = {
  bash: (folder) => {
    const file = join(folder, 'bashrc');
    writeFileSync(file, `PS1='${PROMPT}'\nsource <(whisper completions bash)\n`);
    return ['bash', '--noprofile', '--rcfile', file, '-i'];
  },
  zsh: (folder) => {
    const functions = join(folder, 'functions');
    mkdirSync(functions, { recursive: true });
    const settings = `PS1='${PROMPT}'\nfpath=('${functions}' $fpath)\nautoload -Uz compinit\ncompinit -u -D\n`;
    writeFileSync(join(folder, '.zshrc'), `whisper completions zsh > '${functions}/_whisper'\n${settings}`);
    return ['zsh', '-d', '-i'];
  },
  fish: () => {
    const prompt = `function fish_prompt; echo -n '${PROMPT}'; end`;
    return ['fish', '--no-config', '--private', '-C', `${prompt}; whisper completions fish | source`];
  },
};

/** Why a shell can't be tried on this machine; `undefined` if it can. */
export function whyNoShell(shell: ShellName): string | undefined {
  return missingPrograms([shell, 'tmux']);
}

/** An interactive shell in the folder of a scratch project, where the program of this checkout is on PATH by all its names. */
export async function openShell(
  t: TestContext,
  shell: ShellName,
  scratch: Scratch,
  env: Readonly<Record<string, string>> = {},
): Promise<Terminal> {
  for (const program of PROGRAMS) {
    const file = /^whisper(-manager)?$/.test(program) ? 'main.cjs' : `${program}.cjs`;
    scratch.write(`bin/${program}`, `#!/bin/sh\nexec '${process.execPath}' '${join(BIN, file)}' "$@"\n`, 0o755);
  }
  const folder = join(scratch.path, 'shell');
  mkdirSync(folder, { recursive: true });
  const own = environment(folder);
  const all = {
    ...own,
    PATH: `${scratch.path}/bin:${own['PATH']}`,
    ZDOTDIR: folder,
    INPUTRC: '/dev/null',
    WHISPER_MODELS_PATH: scratch.models,
    ...env,
  };
  // tmux starts what is in it where it was started itself.
  const command = ['env', '-C', scratch.path, ...STARTS[shell](folder)];
  const terminal = await Terminal.start(command, folder, all);
  t.after(() => terminal.kill());
  await terminal.untilScreen(/^ready>/m);
  return terminal;
}

/** Whether a script is one that a shell can read. */
export function syntaxErrors(shell: ShellName, file: string): string {
  const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}
