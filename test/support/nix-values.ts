import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { skip } from './needs.ts';

/** A registry text, and where in what it evaluates to the list is. */
export interface NixQuestion {
  readonly text: string;
  /** Default: `['activeModels']`. */
  readonly path?: readonly string[] | undefined;
}

/**
 * What Nix makes of a text: the value of its list; or it refuses to parse the file (which includes variables that are
 * defined nowhere in it, and names that are defined twice); or the value cannot be computed.
 */
export type NixOutcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'parse' | 'evaluation'; readonly message: string };

/**
 * Asks Nix about many texts in one process each `BATCH`: `nix repl` continues after an error, and starting Nix costs more
 * than a hundred texts. The arguments of a module throw when they are looked into. Evaluation is restricted: no network,
 * no other files. Skips the test and returns `undefined` where there is no Nix.
 */
export async function nixValues(
  t: TestContext,
  questions: readonly (NixQuestion | string)[],
  nix = 'nix',
): Promise<readonly NixOutcome[] | undefined> {
  const outcomes: NixOutcome[] = [];
  const asked = questions.map((each) => (typeof each === 'string' ? { text: each } : each));
  while (outcomes.length < asked.length) {
    const answers = await askOnce(nix, asked.slice(outcomes.length, outcomes.length + BATCH));
    if (!answers) {
      skip(t, 'nix is not installed, and nothing is compared with it');
      return undefined;
    }
    outcomes.push(...answers);
  }
  return outcomes;
}

/** The newest Nix that `scripts/setup tests` installs, which knows syntax that the system's may not know; it may be missing. */
export const NEWEST_NIX = join(import.meta.dirname, '../../../.cache/nixes/sid/bin/nix');

const BATCH = 2000;
// A text that never comes to an end is ended, and the next one is asked about.
const TIME_LIMIT = 60_000;

// The text becomes the body of a function: Nix parses all of it then, and evaluates nothing.
const HEADER = "whisper'probe:\n";

// Short lines for the repl, which reads them byte by byte: the rest is in a file.
const ASK = `index: path:
let
  probe = import (./. + "/\${index}.nix");
  call = value:
    if builtins.isFunction value
    then call (value (builtins.mapAttrs (name: _: throw "argument \${name}") (builtins.functionArgs value)))
    else builtins.foldl' (set: name: set.\${name}) value path;
  value = builtins.toJSON (call (probe null));
in
builtins.trace "begin \${index}"
  (builtins.seq probe (builtins.trace "parsed \${index}" (builtins.trace "value \${index} \${value}" null)))
`;

/** The outcomes of the first texts, at least of one. */
async function askOnce(nix: string, questions: readonly NixQuestion[]): Promise<readonly NixOutcome[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'whisper-nix-'));
  try {
    writeFileSync(join(folder, 'ask.nix'), ASK);
    const lines = questions.map(({ text, path = ['activeModels'] }, index) => {
      writeFileSync(join(folder, `${index}.nix`), HEADER + text);
      return `ask "${index}" ${nixList(path)}`;
    });
    // At a file that ends too early the repl waits for more input and takes the next line for it: the lone parenthesis is
    // an error in any case, and ends the input.
    const input = [`ask = import ${folder}/ask.nix`, ...lines.flatMap((line) => [line, ')']), ''].join('\n');
    writeFileSync(join(folder, 'input'), input);
    const printed = await runRepl(nix, folder);
    return printed === undefined ? undefined : outcomesIn(printed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nixList(path: readonly string[]): string {
  return `[ ${path.map((name) => JSON.stringify(name)).join(' ')} ]`;
}

/**
 * What `nix repl` prints on standard error, and whether it got to its end; `undefined` where there is no Nix. It reads and
 * writes files, so that it continues while this process is busy.
 */
async function runRepl(nix: string, folder: string): Promise<Printed | undefined> {
  const flags = ['--extra-experimental-features', 'nix-command pipe-operators', '--store', 'dummy://'];
  const restricted = ['--option', 'restrict-eval', 'true', 'repl', '-I', `probe=${folder}`];
  const output = join(folder, 'output');
  const files = [openSync(join(folder, 'input'), 'r'), openSync(output, 'w')] as const;
  const child = spawn(nix, [...flags, ...restricted], {
    env: { ...process.env, HOME: folder, NO_COLOR: '1' },
    stdio: [files[0], 'ignore', files[1]],
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  files.forEach(closeSync);
  const ended = await new Promise<Error | number | null>((done) => {
    child.on('error', done).on('close', done);
  });
  if (!(ended instanceof Error)) return { text: readFileSync(output, 'utf8'), complete: ended === 0 };
  if ('code' in ended && ended.code === 'ENOENT') return undefined;
  throw ended;
}

// What the repl says about the parenthesis.
const AFTER_EACH = /error: syntax error, unexpected '\)'\n\n *at «string»:/;

interface Printed {
  readonly text: string;
  readonly complete: boolean;
}

/** One outcome for each text that Nix was done with. One that ended the process is asked about again, alone. */
function outcomesIn({ text, complete }: Printed): readonly NixOutcome[] {
  const [before = '', ...parts] = text.split(/(?<![^\n])trace: begin \d+\n/);
  const numbers = Array.from(text.matchAll(/(?<![^\n])trace: begin (\d+)\n/g), ([, number]) => Number(number));
  assert.deepEqual(numbers, [...numbers.keys()], 'nix repl has lost a line');
  if (parts.length === 0) throw new Error(`nix repl does not work here: ${before.trim()}`);
  const done = complete || parts.length === 1 ? parts : parts.slice(0, -1);
  return done.map((part): NixOutcome => {
    const json = /(?<![^\n])trace: value \d+ ([^\n]*)\n/.exec(part)?.[1];
    if (json !== undefined) return { kind: 'value', value: JSON.parse(json) };
    const kind = part.startsWith('trace: parsed ') ? 'evaluation' : 'parse';
    const [message = ''] = part.replace(/(?<![^\n])trace: [^\n]*\n/g, '').split(AFTER_EACH);
    return { kind, message: message.trim() || 'the file ends too early' };
  });
}
