import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { needs } from '../support/needs.ts';
import { MAIN } from '../support/released.ts';
import { BASE, registryText, SMALL, TINY, watchProject } from '../support/watch-project.ts';
import { Watching } from '../support/watching.ts';

/** A user namespace has limits of its own (user_namespaces(7)), so that no other process is affected. */
function without(limit: string): readonly string[] {
  return ['-Ur', 'sh', '-c', `echo 0 > /proc/sys/user/${limit} && exec "$@"`, 'sh'];
}

for (const [limit, code] of [
  ['max_inotify_watches', 'ENOSPC'],
  ['max_inotify_instances', 'EMFILE'],
] as const) {
  const canLimit = spawnSync('unshare', [...without(limit), 'true']).status === 0;
  test(
    `where the kernel refuses with ${code}, that is reported once and saves are still noticed`,
    needs(canLimit ? undefined : 'there are no user namespaces here'),
    async (t) => {
      const { scratch, env, watching: first } = await watchProject(t);
      await first.end('SIGINT');
      const command = [...without(limit), process.execPath, MAIN, 'watch', '--json'];
      const own = { ...process.env, ...env, HOME: scratch.path, WHISPER_MODELS_PATH: scratch.models };
      const watching = await Watching.over(t, spawn('unshare', command, { cwd: scratch.path, env: own }));
      for (const active of [[TINY, BASE], [TINY], [TINY, BASE, SMALL]]) {
        scratch.writeRegistry(registryText(active));
        await watching.until(
          () => scratch.modelNames().join() === active.toSorted().join(),
          `${active.join()} on the disk`,
        );
      }
      assert.match(
        watching.stderr,
        new RegExp(`^Reached the kernel's limit of watched files \\(${code}\\): .*sysctl.*\\n$`),
      );
    },
  );
}
