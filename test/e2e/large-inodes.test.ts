import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { sampleModel } from '../support/models.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const MAIN = resolve(import.meta.dirname, '../../bin/main.cjs');

/** Mounts an overlay whose inode numbers start at 2^63, for what follows in the same namespace. */
const OVERLAY = `set -e
mkdir lower upper merged
mount -t tmpfs lower lower
mount -t tmpfs upper upper
mkdir upper/data upper/work
cp -r projects/. lower
mount -t overlay -o xino=on,lowerdir=lower,upperdir=upper/data,workdir=upper/work overlay merged
stat -c %i merged/a.nix | grep -qE '^[0-9]{17,}$'
`;

/** The exit code of the script where no such overlay can be mounted. */
const NOT_POSSIBLE = 77;

/** A mount namespace; a plain user needs a user namespace for it. */
const NAMESPACE = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];

test('two registries whose inode numbers differ only above 2^53 are two roots', (t) => {
  const scratch = Scratch.create(t);
  const [tiny, base] = [sampleModel(TINY, 4000), sampleModel(BASE, 5000)];
  const env = {
    PATH: process.env['PATH'],
    HOME: scratch.path,
    WHISPER_MODELS_PATH: scratch.models,
    WHISPER_CATALOG: scratch.writeCatalogue([tiny.entry, base.entry]),
  };
  const inNamespace = (script: string): SpawnSyncReturns<string> =>
    spawnSync('unshare', [...NAMESPACE, 'sh', '-c', script], {
      cwd: scratch.path,
      encoding: 'utf8',
      env,
    });
  scratch.write('projects/a.nix', `{ activeModels = [ "${TINY}" ]; }\n`);
  scratch.write('projects/b.nix', `{ activeModels = [ "${BASE}" ]; }\n`);
  scratch.writeModel(TINY, tiny.content);
  scratch.write(BASE, base.content);
  const whisper = `'${process.execPath}' '${MAIN}'`;
  const { status, stdout, stderr } = inNamespace(
    `(${OVERLAY}) || exit ${NOT_POSSIBLE}
    ${whisper} sync -f merged/a.nix && cp ${BASE} models && ${whisper} sync -f merged/b.nix`,
  );
  if (status === NOT_POSSIBLE || inNamespace('true').status !== 0)
    return t.skip('no overlay with large inode numbers can be mounted here');
  assert.equal(status, 0, stdout + stderr);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});
