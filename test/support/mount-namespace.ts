import { spawn } from 'node:child_process';
import { isRoot } from './needs.ts';
import { MAIN } from './released.ts';
import type { Ran, Scratch } from './scratch.ts';

/** The exit code of a script whose `needs` cannot be had here. */
const NOT_POSSIBLE = 77;

/** A plain user needs a user namespace to mount something. */
const NAMESPACE = isRoot ? ['--mount'] : ['--mount', '--map-root-user'];

/**
 * Runs a shell script in a mount namespace, with the released program as `whisper`. `needs` mounts what the script needs, and
 * fails where that is not possible; then, and where no namespace can be made, the result is `undefined`.
 */
export async function inMountNamespace(
  scratch: Scratch,
  env: Readonly<Record<string, string>>,
  needs: string,
  script: string,
): Promise<Ran | undefined> {
  scratch.write('bin/whisper', `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, 0o755);
  const run = async (text: string): Promise<Ran> => {
    const child = spawn('unshare', [...NAMESPACE, 'sh', '-c', text], {
      cwd: scratch.path,
      env: {
        PATH: `${scratch.path}/bin:${process.env['PATH'] ?? ''}`,
        HOME: scratch.path,
        WHISPER_MODELS_PATH: scratch.models,
        ...env,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
    return { code, stdout, stderr };
  };
  if ((await run('true')).code !== 0) return undefined;
  const ran = await run(`(set -e\n${needs}\n) || exit ${NOT_POSSIBLE}\n${script}`);
  return ran.code === NOT_POSSIBLE ? undefined : ran;
}
