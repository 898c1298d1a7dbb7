import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** How editors that are Node programs, or do as these do, save `text` in `file`. */
const PATTERNS: Readonly<Record<string, (file: string, text: string) => Promise<void>>> = {
  /** Visual Studio Code, as it saves by default: the file is emptied when it is opened. */
  truncate: writeFile,

  /** Visual Studio Code where emptying on opening is not to be had: opened as it is, then emptied. */
  async ftruncate(file, text) {
    const handle = await open(file, 'r+');
    await handle.truncate(0);
    await handle.write(text);
    await handle.sync();
    await handle.close();
  },

  /** The "safe write" of JetBrains' editors. */
  async safe(file, text) {
    await writeFile(`${file}___jb_tmp___`, text);
    await rename(file, `${file}___jb_old___`);
    await rename(`${file}___jb_tmp___`, file);
    await rm(`${file}___jb_old___`);
  },
};

const [, , pattern = '', file = '', next = ''] = process.argv;
const save = PATTERNS[pattern];
if (save === undefined) throw new Error(`no such pattern: ${pattern}`);
for await (const _ of createInterface({ input: process.stdin })) {
  await save(file, await readFile(next, 'utf8'));
  process.stdout.write('saved\n');
}
