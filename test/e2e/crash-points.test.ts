import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULT_POINTS, type FaultPoint } from '../../src/adapters/fs/fault-points.ts';
import { CrashProject } from '../support/crashes/crash-project.ts';
import { BIN, MAIN_WITH_FAULT_POINTS } from '../support/released.ts';

/** The most times that one command may pass a point. */
const MOST = 12;

/** Only an adoption passes it. */
const needsCopy = (point: FaultPoint): boolean => point === 'adoption: placed';
/** Only a watch session passes it. */
const needsSession = (point: FaultPoint): boolean => point === 'undo: put';

/** Only a download that replaces a file passes it. */
const needsForce = (point: FaultPoint): boolean => point === 'move: exchanged';

/** Only an edit of a registry with a second name passes them. */
const needsSecondName = (point: FaultPoint): boolean =>
  point === 'text: saved beside' || point === 'text: reserved' || point === 'text: overwritten';

for (const point of FAULT_POINTS) {
  test(`a process that ends at "${point}" loses nothing`, async (t) => {
    let hits = 0;
    for (let nth = 1; nth <= MOST; nth += 1) {
      const about = `${point}@${nth}`;
      const crash = await CrashProject.create(t);
      const { scratch, env } = crash.project;
      if (needsCopy(point)) crash.offerElsewhere();
      if (needsForce(point)) crash.placeWanted();
      if (needsSecondName(point)) crash.linkRegistry();
      const options = { env: { ...env, WHISPER_FAULT_POINT: about }, main: MAIN_WITH_FAULT_POINTS };
      const ran = needsSession(point)
        ? await crash.session(options)
        : await scratch.spawn(['download', 'base.en', ...(needsForce(point) ? ['--force'] : [])], options);
      assert.ok(ran.code === null || ran.code === 0, `${about}: ${ran.code} ${ran.stderr}`);
      crash.assertNothingLost(about);
      // A registered model is complete, so that no request is needed.
      const offline = point.startsWith('publish') ? { HF_HUB_OFFLINE: '1' } : {};
      if (ran.code === null) assert.equal((await crash.project.run(['sync'], { env: offline })).code, 0, about);
      await crash.assertConverges(about);
      if (ran.code === 0) break;
      hits += 1;
    }
    assert.ok(hits > 0, `nothing passes "${point}"`);
    assert.ok(hits < MOST, `not every time was tried that "${point}" is passed`);
  });
}

test('the release has no fault points', () => {
  const files = readdirSync(BIN).filter((name) => name.endsWith('.cjs'));
  assert.ok(files.includes('program.cjs'));
  for (const name of files) assert.ok(!readFileSync(join(BIN, name), 'utf8').includes('WHISPER_FAULT_POINT'), name);
});
