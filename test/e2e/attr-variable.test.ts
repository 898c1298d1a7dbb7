import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const TWO = `{ a.activeModels = [ "${TINY}" ]; b.activeModels = [ "${BASE}" ]; }\n`;

test('WHISPER_ATTR is the default of --attr for every command that has the option', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(TWO);
  const env = { WHISPER_ATTR: 'b.activeModels' };
  const list = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await scratch.run(['list', '--json', ...args], { env })).stdout).registry?.active;
  assert.deepEqual(await list(), [BASE]);
  assert.deepEqual(await list('--attr', 'a.activeModels'), [TINY]);
  const commands = [
    ['check'],
    ['prune'],
    ['lock'],
    ['why', BASE],
    ['verify'],
    ['doctor'],
    ['env'],
    ['sync', '--dry-run'],
  ];
  for (const args of commands) {
    const ran = await scratch.run([...args, '--json'], { env: { ...env, HF_HUB_OFFLINE: '1' } });
    assert.doesNotMatch(ran.stdout, /registry-ambiguous|several|more than one/, args.join(' '));
  }
  await scratch.run(['add', 'small.en'], { env });
  assert.match(scratch.read(scratch.registry), /a\.activeModels = \[ "ggml-tiny\.en\.bin" \]; b.*ggml-small/);
});

test('an empty WHISPER_ATTR counts as unset', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  const ran = await scratch.run(['list', '--json'], { env: { WHISPER_ATTR: '' } });
  assert.deepEqual(JSON.parse(ran.stdout).registry.active, [TINY]);
});

test('an error about the attribute says that WHISPER_ATTR names it', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(TWO);
  const errorFor = async (args: readonly string[], attr: string): Promise<Readonly<Record<string, unknown>>> =>
    jsonError(await scratch.run([...args, '--json'], { env: { WHISPER_ATTR: attr } }));
  for (const args of [['list'], ['add', 'small.en'], ['prune']]) {
    const { code, message, hint } = await errorFor(args, 'c.activeModels');
    assert.match(String(message), / \(WHISPER_ATTR is c\.activeModels\)$/, args.join(' '));
    const given = jsonError(await scratch.run([...args, '--json', '--attr', 'c.activeModels']));
    assert.deepEqual([given['code'], given['hint']], [code, hint]);
    assert.doesNotMatch(String(given['message']), /WHISPER_ATTR/);
  }
  const computed = await errorFor(['list', '--no-eval'], '.#lib.activeModels');
  assert.match(String(computed['message']), /^\.#lib\.activeModels .* \(WHISPER_ATTR is \.#lib\.activeModels\)$/);
  for (const attr of ['git+file:///x#a', 'a..b', ' ']) {
    const { code, message } = await errorFor(['list'], attr);
    assert.deepEqual(
      [code, String(message)],
      ['usage', `WHISPER_ATTR is not an attribute path or a flake output: ${attr}`],
    );
  }
  scratch.write('nix/whisper-manager.nix', '{ list = [ ');
  assert.equal((await errorFor(['list'], 'is'))['message'], 'this [ is not closed');
});
