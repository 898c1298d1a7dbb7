import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { skip } from '../needs.ts';
import { isDeep } from '../runs.ts';
import { whyNot, type SaveWay } from './save-way.ts';
import { BASE, registryText, SMALL, TINY, watchProject } from '../watch-project.ts';
import { requireTrue } from '../watching.ts';

const SAVES = isDeep ? 50 : 10;
/** Where it takes two seconds until one is seen. */
const SILENT_SAVES = 2;

/** With one model on or off; both texts are equally long, because some programs write into the file as it is. */
const ON = registryText([TINY, BASE, SMALL]).replace(`    "${BASE}"`, `      "${BASE}"`);
const OFF = registryText([TINY, SMALL]);

/** Tests that a session notices every save of these ways once, and acts on none half. */
export function testSaves(ways: readonly SaveWay[]): void {
  describe('every save is noticed once, and none is acted on half', { concurrency: 4 }, () => {
    for (const way of ways) {
      test(way.name, async (t) => {
        const { scratch, watching } = await watchProject(t, [], ON);
        const obstacle = whyNot(way, scratch.registry);
        if (obstacle !== undefined) return skip(t, obstacle);
        const folder = join(scratch.path, 'own');
        mkdirSync(folder);
        const saves = way.isSilent ? SILENT_SAVES : SAVES;
        const saver = await way.open(scratch.registry, folder);
        try {
          for (let count = 0; count < saves; count += 1) {
            const from = watching.now;
            const isOff = count % 2 === 0;
            await saver.save(isOff ? OFF : ON);
            if (isOff) assert.deepEqual((await watching.next('prune', from)).removed, [{ name: BASE, size: 5000 }]);
            else assert.deepEqual((await watching.next('restore', from)).names, [BASE]);
            assert.deepEqual(scratch.modelNames(), isOff ? [SMALL, TINY] : [BASE, SMALL, TINY]);
          }
        } finally {
          await saver.close();
        }
        await watching.end('SIGINT');
        requireTrue(watching.events);
        const count = (name: string): number => watching.events.filter(({ event }) => event === name).length;
        assert.deepEqual([count('change'), count('prune'), count('restore')], [saves, saves / 2, saves / 2]);
        assert.deepEqual([count('error'), watching.stderr], [0, '']);
      });
    }
  });
}
