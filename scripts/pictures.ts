import { Stage } from './stage.ts';

// The pictures of the README, from real runs.

await Stage.play({ columns: 92, rows: 40 }, async (stage) => {
  await stage.run('whisper sync');
  await stage.run('whisper download small.en-q5_1');
  await stage.run('whisper list');
  await stage.run(`sed -i 's/    "ggml-base/    # "ggml-base/' nix/whisper-manager.nix`);
  await stage.run('whisper list');
  await stage.run('whisper prune');
  await stage.draw('session', 'A session: listed models are downloaded, models that are no longer listed are removed');
});

await Stage.play({ columns: 92, rows: 26 }, async (stage) => {
  await stage.run('whisper sync --quiet; whisper download --quiet small.en-q5_1');
  await stage.run(`sed -i 's/    "ggml-base/    # "ggml-base/' nix/whisper-manager.nix; clear`);
  await stage.press('whisper download\r', /remove +base/);
  await stage.press('en q5', /filter|of 43 models/);
  await stage.press('\t', /download +tiny\.en-q5_1/);
  await stage.press('\x1b[B\x1b[B\t', /download +.*medium\.en-q5_0/);
  await stage.draw('picker', 'The picker of whisper download: filter, select, and see the plan');
  await stage.press('\x03', /\$\s*$/);
});

await Stage.play({ columns: 92, rows: 24 }, async (stage) => {
  await stage.press('whisper download tiny.en-q5_1 small.en-q5_1 --limit-rate 40M\r', /small\.en-q5_1 .* [3-9]\d ?%/);
  await stage.draw('progress', 'Progress of downloads: one line per model, and the total');
  await stage.press('\x03', /\$\s*$/);
});
