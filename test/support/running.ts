import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import { MAIN } from './released.ts';
import { environment } from './saves/save-way.ts';
import { Terminal } from './saves/terminal.ts';
import { registryText, SIZES } from './watch-project.ts';

export interface Running extends HubProject {
  readonly terminal: Terminal;
  /** Starts the program, by another one where `by` names it; the shell says afterwards how it ended. */
  readonly start: (args: string, by?: string) => Promise<void>;
}

/** A shell in a terminal, of a project whose hub holds back the end of these models. */
export async function running(
  t: TestContext,
  heldBack: readonly string[],
  active: readonly string[],
): Promise<Running> {
  const project = await hubProject(t, SIZES, registryText(active));
  const { scratch, hub, env } = project;
  for (const match of heldBack) hub.inject({ where: 'cdn', match, times: Infinity, stall: 2000 });
  // A delayed answer must not time out.
  const HF_HUB_DOWNLOAD_TIMEOUT = '600';
  const own = {
    ...environment(scratch.path),
    ...env,
    HF_HUB_DOWNLOAD_TIMEOUT,
    WHISPER_MODELS_PATH: scratch.models,
    PS1: '$ ',
    ENV: '',
  };
  const terminal = await Terminal.start(['sh'], scratch.path, own);
  t.after(() => terminal.close('exit\r'));
  await terminal.resize({ columns: 100, rows: 24 });
  await terminal.press(`cd '${scratch.path}'; printf '\\033]2;mine\\007'; clear; seq 12\r`);
  const start = (args: string, by = ''): Promise<void> =>
    terminal.press(
      `ulimit -c 0; ${by} sh -c 'echo $$ > pid; exec "${process.execPath}" "${MAIN}" ${args}'; echo "ended $?"\r`,
    );
  return { ...project, terminal, start };
}

/** Asserts that the terminal is as it was before. */
export async function assertGivenBack(terminal: Terminal): Promise<void> {
  const screen = await terminal.screen();
  assert.doesNotMatch(screen, /[━╸]|%|of \d models|\? for/, screen);
  assert.equal(await terminal.variable('cursor_flag'), '1');
  assert.equal(await terminal.variable('pane_title'), 'mine');
}

const TINY_LINE = /^tiny\.en +━[━╸╺]* +50 %/m;
const BASE_LINE = /^base\.en +━[━╸╺]* +40 %/m;
const TOTAL_LINE = /^0 of 2 models +━[━╸╺]* +44 %/m;

/** Waits for one block of two models and their total, and nothing else of it anywhere. */
export async function untilClean(terminal: Terminal): Promise<void> {
  await terminal.until(async () => {
    const screen = await terminal.screen();
    const isWhole = [TINY_LINE, BASE_LINE, TOTAL_LINE].every((line) => line.test(screen));
    return isWhole && screen.match(/━/g) !== null && screen.match(/%/g)?.length === 3;
  });
}
