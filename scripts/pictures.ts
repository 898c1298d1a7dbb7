import { Stage } from './stage.ts';

// The pictures of the README, from real runs.

await Stage.play({ columns: 92, rows: 40 }, async (stage) => {
  await stage.run('whisper sync');
  await stage.run('whisper download small.en-q5_1');
  await stage.run('whisper list');
  await stage.run(`sed -i 's/    "ggml-base/    # "ggml-base/' nix/whisper-manager.nix`);
  await stage.run('whisper list');
  await stage.run('whisper prune');
  await stage.draw('session', 'A session: what is listed is fetched, what is no longer listed is pruned');
});
