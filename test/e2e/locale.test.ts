import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';

const ROWS: readonly (readonly [what: string, env: Readonly<Record<string, string>>, isUnicode: boolean])[] = [
  ['no locale', {}, true],
  ['LC_ALL=C', { LC_ALL: 'C' }, false],
  ['LC_ALL=POSIX', { LC_ALL: 'POSIX' }, false],
  ['LANG=C', { LANG: 'C' }, false],
  ['LC_ALL=C.UTF-8', { LC_ALL: 'C.UTF-8' }, true],
  ['LC_CTYPE=UTF-8', { LC_CTYPE: 'UTF-8' }, true],
  ['LANG=en_GB.utf8', { LANG: 'en_GB.utf8' }, true],
  ['LANG=de_DE', { LANG: 'de_DE' }, false],
  ['LC_ALL before the others', { LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'en_GB.UTF-8' }, false],
  ['LC_CTYPE before LANG', { LC_CTYPE: 'C', LANG: 'en_GB.UTF-8' }, false],
  ['an empty LC_ALL, which is none', { LC_ALL: '', LANG: 'C.UTF-8' }, true],
];

for (const [what, env, isUnicode] of ROWS) {
  test(`${what} draws ${isUnicode ? 'more than' : 'just'} ASCII`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(['ggml-tiny.en.bin']);
    const { code, stdout } = await scratch.spawn(['list'], { env });
    assert.equal(code, 0);
    assert.match(stdout, /tiny\.en/);
    assert.equal(/[^\0-\x7f]/.test(stdout), isUnicode, stdout);
  });
}
