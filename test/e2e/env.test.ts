import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en-q5_1.bin';
const VAD = 'ggml-silero-v6.2.0.bin';
const THREADS = Math.min(4, availableParallelism());

test('env prints where a model is and how to run it', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const ran = await run(['env', 'tiny.en']);
  assert.deepEqual(ran, {
    code: 6,
    stdout: [
      `WHISPER_MODELS_PATH=${scratch.models}`,
      `WHISPER_MODEL=${scratch.models}/${TINY}`,
      'WHISPER_PROGRAM=whisper-cli',
      `WHISPER_THREADS=${THREADS}`,
      'BUFFER_DURATION=2',
      '',
    ].join('\n'),
    stderr: 'tiny.en is not downloaded; run whisper download tiny.en\n',
  });
  assert.equal((await run(['env', 'tiny.en', '--quiet'])).stderr, '');
  const { stdout } = await run(['env', TINY, '--json']);
  assert.deepEqual(JSON.parse(stdout), {
    WHISPER_MODELS_PATH: scratch.models,
    WHISPER_MODEL: `${scratch.models}/${TINY}`,
    WHISPER_PROGRAM: 'whisper-cli',
    WHISPER_THREADS: THREADS,
    BUFFER_DURATION: 2,
  });
});

test('without MODEL, env warns only of a model that is not downloaded', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  const missing = await run(['env']);
  assert.deepEqual([missing.code, missing.stderr], [6, 'tiny.en is not downloaded; run whisper download tiny.en\n']);
  scratch.writeModel(TINY, Buffer.from('lmgg'));
  const ran = await run(['env']);
  assert.deepEqual([ran.code, ran.stderr], [0, '']);
  assert.match(ran.stdout, new RegExp(`^WHISPER_MODEL=${scratch.models}/${TINY}$`, 'm'));
});

test('where no model is active, env prints the models directory alone and says why', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  const { code, stdout, stderr } = await scratch.run(['env']);
  assert.deepEqual([code, stdout], [0, `WHISPER_MODELS_PATH=${scratch.models}\n`]);
  assert.match(stderr, /No model is active/i);
  const said = JSON.parse((await scratch.run(['env', '--json'])).stdout) as Record<string, unknown>;
  assert.deepEqual([said['WHISPER_MODEL'], said['WHISPER_THREADS'], said['BUFFER_DURATION']], [null, null, null]);
});

test('a model for voice activity is WHISPER_VAD_MODEL, and no WHISPER_MODEL', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([VAD, BASE]);
  scratch.writeModel(VAD, Buffer.from('lmgg'));
  for (const model of [VAD, 'silero-v5.1.2']) {
    const { stdout } = await scratch.spawn(['env', model, '--json']);
    const path = join(scratch.models, model === VAD ? VAD : `ggml-${model}.bin`);
    assert.deepEqual(JSON.parse(stdout), {
      WHISPER_MODELS_PATH: scratch.models,
      WHISPER_MODEL: null,
      WHISPER_VAD_MODEL: path,
      WHISPER_VAD_OPTIONS: '--vad --vad-model',
      WHISPER_THREADS: null,
      BUFFER_DURATION: null,
    });
    const lines = (await scratch.spawn(['env', model])).stdout;
    assert.equal(
      lines,
      `WHISPER_MODELS_PATH=${scratch.models}\nWHISPER_VAD_MODEL=${path}\nWHISPER_VAD_OPTIONS='--vad --vad-model'\n`,
    );
  }
});

const folders = [
  'plain',
  'with space',
  "it's",
  '$(touch x)',
  '`touch x`',
  "it's $(touch x)",
  'a "b" c',
  'back\\slash',
  'two\nlines',
  "'",
  ';touch x;',
  '#hash',
  '!!',
  'ü',
];
for (const folder of folders) {
  test(`a shell reads a folder called ${JSON.stringify(folder)} as it is`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry([TINY]);
    const { stdout } = await scratch.run(['env', '-q', `--models-dir=${folder}`]);
    scratch.write('.env', stdout);
    const show = 'printf "%s\\n%s" "$WHISPER_MODELS_PATH" "$WHISPER_MODEL"';
    const path = join(scratch.path, folder);
    const env = { PATH: process.env['PATH'] };
    for (const script of [`set -a; . ./.env; exec sh -c '${show}'`, `eval "$ENV_TEXT"; ${show}`]) {
      const options = { cwd: scratch.path, env: { ...env, ENV_TEXT: stdout.trimEnd() }, encoding: 'utf8' } as const;
      assert.equal(execFileSync('sh', ['-c', script], options), `${path}\n${path}/${TINY}`);
    }
    assert.equal(scratch.exists('x'), false);
  });
}

test('values are quoted for readers of dotenv files too, which know no way to write a quote in quotes', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  const line = async (folder: string): Promise<string> =>
    (await scratch.run(['env', '-q', `--models-dir=${folder}`])).stdout.replaceAll(scratch.path, '');
  assert.equal(await line('a-b_c.d:e@f%g+h,i'), 'WHISPER_MODELS_PATH=/a-b_c.d:e@f%g+h,i\n');
  assert.equal(await line('a b'), "WHISPER_MODELS_PATH='/a b'\n");
  assert.equal(await line('a$b'), "WHISPER_MODELS_PATH='/a$b'\n");
  assert.equal(await line("a'b"), 'WHISPER_MODELS_PATH="/a\'b"\n');
});
