import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { median } from '../measure.ts';
import { contenders, type Contender } from './contenders.ts';

const ROUNDS = Number(process.env['WHISPER_BENCH_ROUNDS'] ?? 50);
/** Milliseconds after which a reaction counts as missed. */
const TIMEOUT = 5000;
/** Milliseconds after which nothing is running any more. */
const REST = 250;
/** Seconds for which nothing happens. */
const IDLE = Number(process.env['WHISPER_BENCH_IDLE'] ?? 60);
/** Bytes of the file before it is saved again, and how it is replaced. */
const SAVES: Readonly<Record<string, (file: string, text: string) => void>> = {
  'a rename into place': (file, text) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  },
  'a write in place': (file, text) => writeFileSync(file, text),
};

/** Prints the time from the end of a save until the model is removed, and the cost of waiting for saves. */
export async function watchTable(print: (text: string) => void): Promise<void> {
  const all = contenders();
  try {
    const [ours] = all;
    if (ours?.child.stdout) await once(ours.child.stdout, 'data');
    await delay(2 * REST);
    print(
      '\n| from the end of the save to the model’s absence | p50 | p99 | missed | × inotifywait |\n| --- | --- | --- | --- | --- |\n',
    );
    for (const [how, save] of Object.entries(SAVES)) await compare(how, save, all, print);
    if (ours) await atRest(ours, print);
  } finally {
    for (const each of all) each.close();
  }
}

async function compare(
  how: string,
  save: (file: string, text: string) => void,
  all: readonly Contender[],
  print: (text: string) => void,
): Promise<void> {
  const times = new Map(all.map((each) => [each, [] as (number | undefined)[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [each, taken] of times) {
      save(each.registry, each.text(false));
      taken.push(await untilGone(each.model));
      save(each.registry, each.text(true));
      await delay(REST);
      if (!existsSync(each.model)) each.restore();
    }
  }
  const medians = [...times].map(([each, taken]) => ({ each, taken, p50: quantile(taken, 0.5) }));
  const standard = medians.find(({ each }) => each.name.startsWith('inotifywait'))?.p50;
  for (const { each, taken, p50 } of medians) {
    const missed = taken.filter((time) => time === undefined).length;
    const ratio = standard === undefined ? '' : (p50 / standard).toFixed(2);
    print(
      `| ${how}: ${each.name} | ${p50.toFixed(1)} ms | ${quantile(taken, 0.99).toFixed(1)} ms | ${missed} | ${ratio} |\n`,
    );
  }
}

/** Milliseconds until a file is removed; `undefined`: it was not. */
async function untilGone(path: string): Promise<number | undefined> {
  const started = performance.now();
  while (existsSync(path)) {
    if (performance.now() - started > TIMEOUT) return undefined;
    await turn();
  }
  return performance.now() - started;
}

function quantile(times: readonly (number | undefined)[], share: number): number {
  const known = times.filter((time) => time !== undefined).toSorted((a, b) => a - b);
  return share === 0.5 ? median(known) : (known[Math.min(known.length - 1, Math.floor(known.length * share))] ?? NaN);
}

async function atRest({ child }: Contender, print: (text: string) => void): Promise<void> {
  const before = processorTime(child.pid);
  await delay(IDLE * 1000);
  const used = processorTime(child.pid) - before;
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const resident = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024;
  const most = Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024;
  print('\n| `whisper watch` at rest | measured | bound |\n| --- | --- | --- |\n');
  print(`| processor time in ${IDLE} s | ${used} ms (of ticks of 10 ms) | not measurable |\n`);
  print(
    `| resident memory after all these saves | ${resident.toFixed(0)} MiB, ${most.toFixed(0)} at most | ≤ 80 MB |\n`,
  );
}

/** Milliseconds of all its threads, by proc(5), in ticks of a hundredth of a second. */
function processorTime(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
