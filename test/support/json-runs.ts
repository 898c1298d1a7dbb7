import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { WatchEvent } from '../../src/core/watch/events.ts';
import { hubProject, type HubProject } from './hub-project.ts';
import { nixIn } from './nix-store.ts';
import { Watching } from './watching.ts';

export const [MEETINGS, LECTURES] = ['ggml-meetings.bin', 'ggml-lectures.bin'] as const;
const GONE = 'ggml-gone.bin';

function registryText(...active: readonly string[]): string {
  const lines = [MEETINGS, LECTURES, GONE].map((name) => `    ${active.includes(name) ? '' : '# '}"${name}"\n`);
  return `{ pkgs }:\nlet\n  activeModels = [\n${lines.join('')}  ];\nin\n{ inherit activeModels; }\n`;
}

async function project(t: TestContext): Promise<HubProject> {
  const made = await hubProject(t, { [MEETINGS]: 80_000, [LECTURES]: 120_000, [GONE]: 1000 }, registryText(MEETINGS));
  mkdirSync(join(made.scratch.path, '.git'));
  return made;
}

/** What each command prints with `--json` where it has something to tell, by the command; `push` needs Nix. */
export async function commandRuns(t: TestContext): Promise<ReadonlyMap<string, string>> {
  const { scratch, run } = await project(t);
  const printed = new Map<string, string>();
  const record = async (args: readonly string[], code = 0, cwd = scratch.path): Promise<void> => {
    const ran = await run([...args, '--json'], { cwd });
    assert.equal(ran.code, code, ran.stdout + ran.stderr);
    printed.set(args[0] ?? '', ran.stdout);
  };
  await record(['sync']);
  await record(['download', 'lectures']);
  await record(['lock']);
  await record(['verify']);
  await record(['remove', 'lectures']);
  await record(['why', 'meetings']);
  await record(['list']);
  await record(['path', 'meetings']);
  await record(['env', 'meetings']);
  await record(['check'], 8);
  scratch.writeModel('ggml-mine.bin', Buffer.from('mine'));
  await record(['prune']);
  await record(['add', 'lectures']);
  await record(['identify', join(scratch.models, MEETINGS)]);
  await record(['doctor']);
  await record(['hook', 'helix']);
  await record(['completions', 'fish']);
  scratch.write('new/.git/HEAD', '');
  await record(['init'], 0, 'new');
  scratch.writeRegistry(registryText().replace('];', ''));
  const failed = await run(['list', '--json']);
  printed.set('When something fails', failed.stdout);
  return printed;
}

/** What `push` prints with `--json`. */
export async function pushRun(t: TestContext): Promise<string> {
  const { scratch, run } = await project(t);
  await run(['sync']);
  mkdirSync(join(scratch.path, 'nix-1'));
  const ran = await run(['push', 'cache', '--json'], { env: nixIn(join(scratch.path, 'nix-1')) });
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  return ran.stdout;
}

/** The events of a session in which everything happens once. */
export async function watchRun(t: TestContext): Promise<readonly WatchEvent[]> {
  const { scratch, run, hub, env } = await project(t);
  await run(['sync']);
  hub.inject({ where: 'resolve', match: GONE, status: 404, times: Infinity });
  const watching = await Watching.start(t, scratch, env, ['--download']);
  const save = async (text: string, event: WatchEvent['event']): Promise<void> => {
    const { now } = watching;
    scratch.writeRegistry(text);
    await watching.next(event, now);
  };
  await save(registryText(MEETINGS, LECTURES), 'download');
  await save(registryText(MEETINGS), 'prune');
  await save(registryText(MEETINGS, LECTURES), 'restore');
  await save(registryText(MEETINGS, LECTURES, GONE), 'error');
  await save('', 'hold');
  await watching.end('SIGINT');
  return watching.events;
}
