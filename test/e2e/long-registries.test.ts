import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONG, REFUSED } from '../support/long-registries.ts';
import { Scratch } from '../support/scratch.ts';

// The arguments, and how it may end for a registry that can be read.
const COMMANDS: readonly (readonly [args: readonly string[], codes: readonly number[]])[] = [
  [['list'], [0]],
  [['check'], [0, 8]],
  [['complete', '--', 'remove', ''], [0]],
  [
    ['add', 'base.en'],
    [0, 3],
  ],
  [
    ['remove', 'tiny'],
    [0, 2, 3],
  ],
  [
    ['prune', '--dry-run'],
    [0, 3],
  ],
  [
    ['check', '--fix'],
    [0, 8],
  ],
];

for (const [kind, shapes, size] of [
  ['read', LONG, 100],
  // Just deeper than what is read.
  ['refused', REFUSED, 260],
] as const) {
  test(`every command ends where a registry of any long shape is ${kind}`, async (t) => {
    const scratch = Scratch.create(t);
    for (const { shape, text } of shapes) {
      for (const [args, codes] of COMMANDS) {
        scratch.writeRegistry(text(size));
        const { code, stderr } = await scratch.run(args.includes('complete') ? args : [...args, '--no-eval']);
        const allowed = kind === 'read' ? codes : [...codes, 3];
        assert.ok(
          code !== null && allowed.includes(code),
          `${shape}, ${args.join(' ')}: ${code} ${stderr.slice(0, 500)}`,
        );
        assert.doesNotMatch(stderr, /^ +at /m, shape);
      }
    }
  });
}

const READERS: readonly (readonly string[])[] = [
  ['list'],
  ['check'],
  ['complete', '--', 'remove', ''],
  ['add', 'base.en'],
  ['remove', 'tiny'],
  ['prune'],
  ['watch'],
];

for (const args of READERS) {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    test(`${signal} that comes while ${args[0]} reads a long registry ends it`, async (t) => {
      const scratch = Scratch.create(t);
      const chain = LONG[0]?.text(2000) ?? '';
      scratch.writeRegistry(chain);
      const controller = new AbortController();
      // As a signal does: it waits until the program lets it in.
      setImmediate(() => controller.abort(signal));
      const ran = await scratch.run(args, { signal: controller.signal });
      assert.equal(ran.code, code, ran.stderr);
      assert.equal(scratch.read(scratch.registry), chain);
    });
  }
}

test('a signal ends a process that reads a long registry', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(LONG[0]?.text(20_000) ?? '');
  const child = scratch.start(['list']);
  child.kill('SIGTERM');
  // Before it has a handler, the signal itself is what ends it.
  const end = await new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  assert.ok(end === 143 || end === 'SIGTERM', String(end));
});
