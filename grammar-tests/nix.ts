import { execFile, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The version of the Nix that is installed, or undefined. */
export function nixVersion(): string | undefined {
  const { stdout } = spawnSync('nix-instantiate', ['--version'], { encoding: 'utf8' });
  return /\d+\.\d+\S*/.exec(stdout ?? '')?.[0];
}

/**
 * Each file as Nix prints its parse, or `undefined` where Nix refuses it. Several processes run at once, each over many files;
 * one ends at the first file that Nix refuses, so there are about as many processes as refused files.
 */
export async function parseWithNix(files: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> {
  const printed = new Map<string, string | undefined>();
  const rest = [...files];
  const work = async (): Promise<void> => {
    while (rest.length > 0) {
      const batch = rest.splice(0, BATCH);
      const lines = await printAccepted(batch);
      for (const [index, line] of lines.entries()) printed.set(batch[index] as string, line);
      const refused = batch[lines.length];
      if (refused === undefined) continue;
      printed.set(refused, undefined);
      rest.push(...batch.slice(lines.length + 1));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return printed;
}

const BATCH = 50;

/** One line for each file up to the first that is refused. */
async function printAccepted(files: readonly string[]): Promise<readonly string[]> {
  const stdout = await new Promise<string>((done) => {
    // The exit code of Nix adds nothing to the number of lines.
    execFile('nix-instantiate', ['--parse', '--store', 'dummy://', ...files], { maxBuffer: 2 ** 26 }, (_error, out) =>
      done(out),
    );
  });
  return stdout.split('\n').slice(0, -1);
}
