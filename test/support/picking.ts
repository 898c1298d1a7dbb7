import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import { MAIN } from './released.ts';
import { environment } from './saves/save-way.ts';
import { Terminal } from './saves/terminal.ts';

export const [TINY, BASE, SMALL, HUGE] = ['tiny.en-q5_1', 'base.en-q5_1', 'small.en-q5_1', 'huge'].map(
  (name) => `ggml-${name}.bin`,
) as [string, string, string, string];
const SIZES = { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000 };
/** One model is active, one was commented out and is still on disk. */
const REGISTRY = `{ activeModels = [\n  "${BASE}"\n  # "${SMALL}"\n]; }\n`;

export interface Picking extends HubProject {
  readonly terminal: Terminal;
  /** Starts the command in the shell of the terminal, and waits for what it shows: the picker, unless something else is given. */
  readonly open: (args?: string, shows?: RegExp) => Promise<void>;
}

/** What the shell says when the command has ended: its exit code, and whether the terminal takes lines again. */
export function ended(code: number): RegExp {
  return new RegExp(`ended ${code}, icanon\\n`);
}

/** A shell in a terminal of some size, in a project with models to choose from; one of them fits on no disk. */
export async function picking(
  t: TestContext,
  size = { columns: 100, rows: 30 },
  more: Readonly<Record<string, string>> = {},
): Promise<Picking> {
  const project = await hubProject(t, SIZES, REGISTRY);
  const { scratch, models, env, place } = project;
  await place([BASE, SMALL], true);
  const entries = Object.values(models).map(({ entry }) => entry);
  scratch.writeCatalogue([...entries, { ...entries[0], file: HUGE, size: 8e15 }]);
  const own = { ...environment(scratch.path), ...env, WHISPER_MODELS_PATH: scratch.models, PS1: '$ ', ENV: '' };
  // What a terminal says of itself cannot be set from outside of it.
  const settings = Object.entries(more).map(([name, value]) => `${name}=${value}`);
  const terminal = await Terminal.start(['sh'], scratch.path, own, size);
  t.after(() => terminal.close('exit\r'));
  const open = async (args = '', shows = /Which models\?[^]*disk {4}/): Promise<void> => {
    const script = `cd '${scratch.path}'; echo $$ > pid; exec env ${settings.join(' ')} '${process.execPath}' '${MAIN}' download ${args}`;
    const runner = scratch.write('run.sh', `${script}\n`);
    await terminal.press(`clear; sh '${runner}'; echo "ended $?, $(stty -a | grep -o '[-]*icanon')"\r`);
    await terminal.untilScreen(shows);
  };
  return { ...project, terminal, open };
}
