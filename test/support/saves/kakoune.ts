import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, type Saver, type SaveWay } from './save-way.ts';
import { until } from './until.ts';

const SESSION = 'saves';

/** Kakoune as a session without a window, which another `kak` sends commands to: how people script it. */
export const KAKOUNE_WAYS: readonly SaveWay[] = [
  {
    name: 'kakoune (writemethod=overwrite)',
    needs: ['kak'],
    kind: 'write',
    inode: 'same',
    open: async (file, folder) => openKakoune(file, folder, 'overwrite'),
  },
  {
    name: 'kakoune (writemethod=replace)',
    needs: ['kak'],
    kind: 'rename',
    inode: 'new',
    open: async (file, folder) => openKakoune(file, folder, 'replace'),
  },
];

async function openKakoune(file: string, folder: string, method: string): Promise<Saver> {
  const env = { ...environment(folder), XDG_RUNTIME_DIR: folder };
  const next = join(folder, 'next');
  const done = join(folder, 'done');
  const sign = `echo -to-file '${done}' done`;
  const save = [`execute-keys '%|cat ${next}<ret>'`, 'write', sign].join('\n');
  const start = `set-option global writemethod ${method}\n${sign}`;
  const session = spawn('kak', ['-n', '-d', '-s', SESSION, '-E', start, file], { env, stdio: 'ignore' });
  const ended = once(session, 'exit');
  const isDone = async (): Promise<void> => {
    await until(
      () => existsSync(done),
      () => `kak has not done: ${save}`,
    );
    rmSync(done);
  };
  await isDone();
  return {
    save: async (text) => {
      writeFileSync(next, text);
      await send(`evaluate-commands -buffer '${file}' %{\n${save}\n}`, env);
      await isDone();
    },
    close: async () => {
      await send('kill', env);
      await ended;
    },
  };
}

async function send(commands: string, env: NodeJS.ProcessEnv): Promise<void> {
  const sender = spawn('kak', ['-p', SESSION], { env, stdio: ['pipe', 'ignore', 'ignore'] });
  sender.stdin.end(commands);
  await once(sender, 'exit');
}
