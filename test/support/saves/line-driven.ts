import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineProcess } from './line-process.ts';
import { environment, type Saver, type SaveWay } from './save-way.ts';

const NODE_PROGRAM = join(import.meta.dirname, 'node-program.js');

/** Assigns to the file's pages: in place, nothing cut off. */
const MMAP = `
import mmap, sys
file, next = sys.argv[1:]
for line in sys.stdin:
    with open(next, 'rb') as source, open(file, 'r+b') as target, mmap.mmap(target.fileno(), 0) as pages:
        pages[:] = source.read()
        pages.flush()
    print('saved', flush=True)
`;

/** Programs that stay open, and save the text in `next` for each line that they read. */
export const LINE_DRIVEN_WAYS: readonly SaveWay[] = [
  {
    name: 'VS Code (truncate, write)',
    needs: [],
    kind: 'write',
    inode: 'same',
    open: async (file, folder) => openProgram(process.execPath, [NODE_PROGRAM, 'truncate', file], folder),
  },
  {
    name: 'VS Code (ftruncate, write, fsync)',
    needs: [],
    kind: 'write',
    inode: 'same',
    open: async (file, folder) => openProgram(process.execPath, [NODE_PROGRAM, 'ftruncate', file], folder),
  },
  {
    name: 'JetBrains (safe write)',
    needs: [],
    kind: 'rename',
    inode: 'new',
    open: async (file, folder) => openProgram(process.execPath, [NODE_PROGRAM, 'safe', file], folder),
  },
  {
    name: 'mmap',
    needs: ['python3'],
    kind: 'write',
    inode: 'same',
    keepsLength: true,
    isSilent: true,
    open: async (file, folder) => openProgram('python3', ['-c', MMAP, file], folder),
  },
];

async function openProgram(command: string, args: readonly string[], folder: string): Promise<Saver> {
  const next = join(folder, 'next');
  const program = new LineProcess(command, [...args, next], environment(folder));
  return {
    save: async (text) => {
      writeFileSync(next, text);
      await program.ask('save', 'saved');
    },
    close: async () => program.close(),
  };
}
