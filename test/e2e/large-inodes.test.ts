import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleModel } from '../support/models.ts';
import { inMountNamespace } from '../support/mount-namespace.ts';
import { skip } from '../support/needs.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

/** An overlay whose inode numbers start at 2^63. */
const OVERLAY = `mkdir lower upper merged
mount -t tmpfs lower lower
mount -t tmpfs upper upper
mkdir upper/data upper/work
cp -r projects/. lower
mount -t overlay -o xino=on,lowerdir=lower,upperdir=upper/data,workdir=upper/work overlay merged
stat -c %i merged/a.nix | grep -qE '^[0-9]{17,}$'`;

test('two registries whose inode numbers differ only above 2^53 are two roots', async (t) => {
  const scratch = Scratch.create(t);
  const [tiny, base] = [sampleModel(TINY, 4000), sampleModel(BASE, 5000)];
  const env = { WHISPER_CATALOG: scratch.writeCatalogue([tiny.entry, base.entry]) };
  scratch.write('projects/a.nix', `{ activeModels = [ "${TINY}" ]; }\n`);
  scratch.write('projects/b.nix', `{ activeModels = [ "${BASE}" ]; }\n`);
  scratch.writeModel(TINY, tiny.content);
  scratch.write(BASE, base.content);
  const syncs = `whisper sync -f merged/a.nix && cp ${BASE} models && whisper sync -f merged/b.nix`;
  const ran = await inMountNamespace(scratch, env, OVERLAY, syncs);
  if (!ran) return skip(t, 'no overlay with large inode numbers can be mounted here');
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});
