import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { skip } from '../../support/needs.ts';
import { Scratch } from '../../support/scratch.ts';

/**
 * Whether the parser of Nix accepts each text. One `nix repl` for all of them: it continues after an error.
 * Skips the test and returns `undefined` where there is no Nix.
 */
export function nixAccepts(t: TestContext, texts: readonly string[]): readonly boolean[] | undefined {
  const scratch = Scratch.create(t);
  const lines = texts.map((text, index) => {
    // As the body of a function, it is parsed and not evaluated.
    const file = scratch.write(`${index}.nix`, `_: ${text}`);
    // The bracket ends the wait for more that a text without an end puts the repl into.
    return `builtins.seq (import ${file}) (builtins.trace "accepted ${index}" null)\n)`;
  });
  const flags = ['--extra-experimental-features', 'nix-command', '--store', 'dummy://', 'repl'];
  const { stderr, status } = spawnSync('nix', flags, {
    input: [...lines, ''].join('\n'),
    encoding: 'utf8',
    env: { ...process.env, HOME: scratch.path, NO_COLOR: '1' },
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    skip(t, 'nix is not installed, and nothing is compared with it');
    return undefined;
  }
  const accepted = new Set([...stderr.matchAll(/^trace: accepted (\d+)$/gm)].map(([, index]) => Number(index)));
  return texts.map((_text, index) => accepted.has(index));
}
