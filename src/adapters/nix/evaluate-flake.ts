import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, parseAnswer } from '../../core/evaluation/answer.ts';
import { type LockedFlake, type Tree, wrapFlake } from '../../core/evaluation/flake-expression.ts';
import { DECLARED, findUnlocked, parseDeclared } from '../../core/evaluation/flake-inputs.ts';
import { type FlakeLock, parseFlakeLock } from '../../core/evaluation/flake-lock.ts';
import { readFlakeFailure } from '../../core/evaluation/flake-report.ts';
import { readFailure } from '../../core/evaluation/nix-report.ts';
import { parseFlakeReference } from '../../core/evaluation/target.ts';
import { asObject } from '../../core/json.ts';
import {
  flakeInputMissing,
  flakeNotFetched,
  flakeNotFound,
  flakeNotLocked,
  invalidFlakeLock,
  missingFlakeOutput,
  unsupportedFlakeAttribute,
} from '../../core/messages/evaluation.ts';
import { invalidOptionValue } from '../../core/messages/usage.ts';
import { parseAttrpath } from '../../core/registry/attrset-bindings.ts';
import { shellValue } from '../../core/shell-value.ts';
import { treePathOf } from '../../core/binary-cache/store-path.ts';
import { storeDirOf } from '../binary-cache/store-path.ts';
import { withDiskErrors } from '../fs/errors.ts';
import { readTextOrNothing } from '../fs/read.ts';
import { inTemporaryFolder } from '../git/git.ts';
import { runLimited } from '../process/run-program.ts';
import { outputOf, understand } from './evaluate.ts';
import { EVALUATES, FLAKE_FEATURES, optionFlags, SEALED } from './flags.ts';
import { findNix, type NixHost } from './find-nix.ts';
import { type FlakeFiles, relativeFolder, withFlakeFiles } from './flake-files.ts';
import { runOffline } from './offline-nix.ts';

/** One flake that is evaluated. */
interface Asked {
  readonly host: NixHost;
  readonly files: FlakeFiles;
  /** A temporary folder. */
  readonly folder: string;
  /** The command line that does something to the flake, for messages. */
  readonly command: (name: 'lock' | 'archive') => string;
}

/**
 * Evaluates a flake's attribute, relative to `cwd`, by its flake.lock. Nothing is fetched: the locked inputs have to be in the
 * Nix store. Nix runs no program: git would obey the configuration of any input.
 */
export async function evaluateFlake({ environment, signal }: NixHost, reference: string, cwd: string): Promise<Answer> {
  const host = { environment, signal, cwd };
  const parsed = parseFlakeReference(reference);
  if (!parsed) throw invalidOptionValue('attr', reference);
  return withFlakeFiles(host, parsed.flake, async (files) => {
    const named = files.top === undefined ? files.address : relativeFolder(cwd, join(files.top, files.folder));
    const command = (name: string): string => `nix flake ${name}${named === '.' ? '' : ` ${shellValue(named)}`}`;
    return inTemporaryFolder('whisper-nix-', async (folder) =>
      answerOf({ host, files, folder, command }, reference, parsed.attribute),
    );
  });
}

async function answerOf(asked: Asked, reference: string, attribute: string): Promise<Answer> {
  const { files } = asked;
  // The files in a copy are checked before any of them is in the store.
  const checked = files.copy === undefined ? undefined : await lockedInputs(asked, files.copy);
  const tree = await addToStore(asked);
  const lock = checked ?? (await lockedInputs(asked, tree.storePath));
  const answer = await evaluateLocked(asked, { tree, folder: files.folder, lock }, attribute);
  if (answer.kind === 'missing') throw missingFlakeOutput(reference, attribute);
  return answer;
}

/** The lock of the flake in a folder; throws where flake.nix has inputs that are not in it. */
async function lockedInputs({ host, files, command }: Asked, copy: string): Promise<FlakeLock> {
  const text = fileInside(copy, join(files.folder, 'flake.nix'));
  if (text === undefined) throw flakeNotFound(files.top ?? files.address);
  const nix = findNix(host.environment, 'nix-instantiate');
  const finished = await runLimited(
    nix,
    [...EVALUATES, ...optionFlags({ 'extra-experimental-features': FLAKE_FEATURES, 'pure-eval': 'true' }), '-'],
    { cwd: join(copy, files.folder), env: SEALED, input: `(${DECLARED}) (\n${text}\n)` },
    host.signal,
  );
  const output = outputOf(finished, (stderr) => {
    const failure = readFailure(stderr, [1], () => undefined);
    const file = join(files.top ?? copy, files.folder, 'flake.nix');
    return { ...failure, position: failure.position && { ...failure.position, file } };
  });
  const declared = understand(parseDeclared, output);
  const odd = declared.attributes.find((name) => !FLAKE_ATTRIBUTES.has(name));
  if (odd !== undefined) throw unsupportedFlakeAttribute(odd);
  const lock = parseFlakeLock(fileInside(copy, join(files.folder, 'flake.lock')));
  if (!lock) throw invalidFlakeLock(command('lock'));
  const unlocked = findUnlocked(declared, lock);
  if (unlocked) throw flakeNotLocked(unlocked, command('lock'));
  return lock;
}

const FLAKE_ATTRIBUTES: ReadonlySet<string> = new Set(['description', 'edition', 'inputs', 'nixConfig', 'outputs']);

/** The text of a file of a flake; `undefined` where there is none, or behind a link that leads out of it. */
function fileInside(top: string, name: string): string | undefined {
  try {
    const path = realpathSync(join(top, name));
    return path.startsWith(`${realpathSync(top)}/`) ? readTextOrNothing(path) : undefined;
  } catch {
    return undefined;
  }
}

/** The files of the flake in the Nix store. Of an address, Nix takes what it has fetched before. */
async function addToStore(asked: Asked): Promise<Tree> {
  const { files } = asked;
  const finished = await runOffline(asked.host, asked.folder, ['flake', 'prefetch', '--json', files.address]);
  const output = outputOf(finished, (stderr) => {
    const failure = readFailure(stderr, [], () => undefined);
    if (files.top === undefined) throw flakeNotFetched(files.address, failure.message);
    return failure;
  });
  return understand((json) => {
    const { hash, storePath } = asObject(JSON.parse(json));
    if (typeof hash === 'string' && typeof storePath === 'string') return { narHash: hash, storePath };
    throw new SyntaxError('not a path in the store');
  }, output);
}

async function evaluateLocked(asked: Asked, flake: LockedFlake, attribute: string): Promise<Answer> {
  const { host, folder, files } = asked;
  const storeDir = storeDirOf(host.environment);
  const wrapper = wrapFlake(flake, parseAttrpath(attribute), (narHash) => treePathOf(narHash, storeDir));
  const own = join(folder, 'wrapper');
  const write = (): void => {
    mkdirSync(own);
    writeFileSync(join(own, 'flake.nix'), wrapper.nix);
    writeFileSync(join(own, 'flake.lock'), wrapper.lock);
  };
  withDiskErrors(own, write, 'none');
  const flags = ['--no-update-lock-file', '--no-write-lock-file'];
  const finished = await runOffline(host, folder, ['eval', '--json', ...flags, `path:${own}#answer`]);
  const output = outputOf(finished, (stderr) => {
    const failure = readFlakeFailure(stderr, flake, wrapper, files.top);
    if ('missing' in failure) throw flakeInputMissing(failure.missing, asked.command('archive'));
    return failure;
  });
  return understand(parseAnswer, output);
}
