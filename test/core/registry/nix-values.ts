import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { Scratch } from '../../support/scratch.ts';

/** What `activeModels` of a text is to Nix; `undefined` where Nix refuses the text or fails to evaluate it. */
export type NixValue = { readonly value: unknown } | undefined;

// A module is a function of arguments that nothing in the tests looks into.
const CALL =
  'let call = value: if builtins.isFunction value then call (value (builtins.mapAttrs (name: optional: { }) (builtins.functionArgs value))) else value.activeModels; in';

/**
 * Evaluates texts in one `nix repl`: it goes on after an error, and starting Nix costs more than all of them.
 * Skips the test and returns `undefined` where there is no Nix.
 */
export function nixValues(t: TestContext, texts: readonly string[]): readonly NixValue[] | undefined {
  const scratch = Scratch.create(t);
  const lines = texts.map((text, index) => {
    const file = scratch.write(`${index}.nix`, text);
    return `${CALL} builtins.trace "value ${index} \${builtins.toJSON (call (import ${file}))}" null`;
  });
  const flags = ['--extra-experimental-features', 'nix-command', '--store', 'dummy://', 'repl'];
  const { stderr, status } = spawnSync('nix', flags, {
    // At a file that ends too early the repl waits for more input and takes the next line for it: the lone parenthesis
    // is an error in any case, and ends the input.
    input: lines.map((line) => `${line}\n)\n`).join(''),
    encoding: 'utf8',
    env: { ...process.env, HOME: scratch.path, NO_COLOR: '1' },
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    t.skip('nix is not installed, so nothing is compared with it');
    return undefined;
  }
  const values: NixValue[] = texts.map(() => undefined);
  for (const [, index, json = ''] of stderr.matchAll(/^trace: value (\d+) (.*)$/gm)) {
    values[Number(index)] = { value: JSON.parse(json) };
  }
  return values;
}
