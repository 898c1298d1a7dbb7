import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, type Saver, type SaveWay } from './save-way.ts';
import { Terminal } from './terminal.ts';

export const NANO_WAYS: readonly SaveWay[] = [
  { name: 'nano', needs: ['nano', 'tmux'], kind: 'write', inode: 'same', open: openNano },
];

async function openNano(file: string, folder: string): Promise<Saver> {
  const next = join(folder, 'next');
  const terminal = await Terminal.start(['nano', '--ignorercfiles', file], folder, environment(folder));
  await terminal.untilScreen(/\^X/);
  return {
    save: async (text) => {
      writeFileSync(next, text);
      await terminal.press('\x1b\\\x1e\x1b/\x0b');
      await terminal.press(`\x12${next}\r`);
      await terminal.untilScreen(/Modified[^]*Read \d+ lines?/);
      await terminal.press('\x0f\r');
      await terminal.untilScreen(/^(?!.*Modified)[^]*Wrote \d+ lines?/);
    },
    close: async () => terminal.close('\x18'),
  };
}
