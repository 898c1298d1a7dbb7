import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { skip } from './needs.ts';
import { SAVE_WAYS } from './saves/all-ways.ts';
import { whyNot, type SaveWay } from './saves/save-way.ts';
import { Scratch } from './scratch.ts';

const SAVES = 4;
const START = `${'# an existing line\n'.repeat(20)}{ }\n`;

describe('each way to save', { concurrency: 4 }, () => {
  for (const way of SAVE_WAYS) {
    test(way.name, async (t) => {
      const scratch = Scratch.create(t);
      const file = scratch.write('nix/registry.nix', START);
      const obstacle = whyNot(way, file);
      if (obstacle !== undefined) return skip(t, obstacle);
      const folder = join(scratch.path, 'own');
      mkdirSync(folder);
      const saver = await way.open(file, folder);
      try {
        for (let count = 0; count < SAVES; count += 1) {
          const text = textOf(way, count);
          const before = identity(file);
          const started = performance.now();
          await saver.save(text);
          t.diagnostic(`${(performance.now() - started).toFixed(1)} ms`);
          assert.equal(readFileSync(file, 'utf8'), text);
          assert.equal(identity(file) === before ? 'same' : 'new', way.inode);
          assert.deepEqual(leftovers(way, file), []);
        }
      } finally {
        await saver.close();
      }
      assert.equal(readFileSync(file, 'utf8'), textOf(way, SAVES - 1));
      assert.deepEqual(leftovers(way, file), []);
    });
  }
});

/** Texts of 100 to 4000 bytes with what has a meaning to shells, editors and patterns. */
function textOf(way: SaveWay, count: number): string {
  const lines = [
    '',
    `# save ${count} of "quotes", 'quotes', \`ticks\` and $HOME, %, \${x}, \\n, \\, & and ~`,
    `  "ggml-${count}.bin"\t# a tab, and blanks at the end  `,
    ':wq!',
    '.',
    ''.padEnd(count * 97, '#'),
    "!echo <ret> {{{ %{ [[ ]] ''${y} $$ $1 \\1 /x/y/g",
  ];
  const text = `${lines.join('\n')}\n`.repeat(1 + (count % 4));
  return way.keepsLength ? `${text.slice(0, START.length - 1).padEnd(START.length - 1)}\n` : text;
}

function identity(file: string): string {
  const { dev, ino, birthtimeNs } = statSync(file, { bigint: true });
  return `${dev} ${ino} ${birthtimeNs}`;
}

/** Unexpected files next to the registry. */
function leftovers(way: SaveWay, file: string): readonly string[] {
  const name = basename(file);
  const known = new Set([name, ...(way.leaves ?? []).map((each) => each.replace('F', name))]);
  return readdirSync(dirname(file)).filter((each) => !known.has(each));
}
