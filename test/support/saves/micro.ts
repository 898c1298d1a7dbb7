import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, type Saver, type SaveWay } from './save-way.ts';
import { Terminal } from './terminal.ts';

export const MICRO_WAYS: readonly SaveWay[] = [
  { name: 'micro', needs: ['micro', 'tmux'], kind: 'write', inode: 'same', open: openMicro },
];

const SELECT_ALL = '\x01';
const COMMAND = '\x05';
const SAVE = '\x13';
const QUIT = '\x11';

async function openMicro(file: string, folder: string): Promise<Saver> {
  const next = join(folder, 'next');
  const done = join(folder, 'done');
  const config = join(folder, 'micro');
  mkdirSync(config, { recursive: true });
  // micro calls this when it has saved.
  const sign = `import("io/ioutil").WriteFile("${done}", "", 384)`;
  writeFileSync(join(config, 'init.lua'), `function onSave() ${sign} end\n`);
  const terminal = await Terminal.start(['micro', '-config-dir', config, file], folder, environment(folder));
  const isDone = async (): Promise<void> => {
    await terminal.until(() => existsSync(done));
    rmSync(done);
  };
  // Seen on its own screen: a file could be from one that tmux was asked for before, and that it forgot.
  await terminal.untilScreen(/Alt-g: bindings/);
  return {
    save: async (text) => {
      writeFileSync(next, text);
      await terminal.press(`${SELECT_ALL}${COMMAND}textfilter cat ${next}\r${SAVE}`);
      await isDone();
    },
    close: async () => terminal.close(QUIT),
  };
}
