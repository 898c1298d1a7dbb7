import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Body } from '../../src/adapters/hub/body.ts';

test('chunks are delivered in the order of arrival, including those that arrive before the body is read', async () => {
  const controller = {
    paused: false,
    pause: () => void (controller.paused = true),
    resume: () => void (controller.paused = false),
    abort: (reason: Error) => body.fail(reason),
  };
  const body = new Body(controller, 60_000);
  body.push(Buffer.from('a'));
  body.push(Buffer.from('b'));
  let taken = '';
  const delivered = body.deliver((chunk) => {
    taken += chunk.toString();
    if (taken !== 'a') return undefined;
    // What holds the first one back lets another one arrive.
    body.push(Buffer.from('c'));
    return Promise.resolve();
  });
  while (controller.paused) await Promise.resolve();
  body.push(Buffer.from('d'));
  body.end();
  await delivered;
  assert.equal(taken, 'abcd');
});
