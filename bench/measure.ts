import { spawn } from 'node:child_process';

/** The wall time of a process in milliseconds. Its output is discarded; a failure throws. */
export async function timeProcess(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return performance.now() - started;
}

/** Two measurements in turn (A B A B …), so that a machine whose speed drifts is fair to both. */
export interface Paired {
  readonly ours: number;
  readonly theirs: number;
  /** The median of the ratios of neighbouring runs. */
  readonly ratio: number;
}

export async function pair(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Paired> {
  const runs = (await interleave(rounds, [ours, theirs])).map(([a = Number.NaN, b = Number.NaN]) => ({
    ours: a,
    theirs: b,
  }));
  return {
    ours: median(runs.map((run) => run.ours)),
    theirs: median(runs.map((run) => run.theirs)),
    ratio: median(runs.map((run) => run.ours / run.theirs)),
  };
}

/** Runs all contenders in turn (A B C A B C …), after one round to warm up that does not count. */
export async function interleave<T>(
  rounds: number,
  contenders: readonly (() => Promise<T>)[],
): Promise<readonly (readonly T[])[]> {
  const runs: T[][] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const results: T[] = [];
    for (const contender of contenders) results.push(await contender());
    runs.push(results);
  }
  return runs.slice(1);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds of one call, the median of many, after a warm-up. */
export function timeCalls(times: number, work: () => unknown): number {
  for (let warm = 0; warm < Math.min(200, times); warm += 1) work();
  return median(
    Array.from({ length: times }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
}
