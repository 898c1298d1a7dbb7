import type { Random } from '../random-faults/random.ts';
import type { CrashProject } from './crash-project.ts';

const COMMANDS = [
  ['download', 'base.en'],
  ['download', 'base.en', '--force'],
  ['sync'],
  ['prune'],
  ['verify', '--repair'],
  ['list'],
  ['check', '--fix'],
  ['add', 'base.en'],
  ['lock'],
] as const;

/** Milliseconds after which a command is over at the latest. */
const LONGEST = 200;

/** Runs commands one after the other, each killed at some moment if it is not over by then. Tells how many were. */
export async function killAtRandom(crash: CrashProject, random: Random, times: number): Promise<number> {
  const { scratch, env } = crash.project;
  let killed = 0;
  for (let time = 0; time < times; time += 1) {
    const command = random.pick(COMMANDS);
    const about = `${time}: ${command.join(' ')}`;
    const ran = await scratch.spawn(command, { env, killAfter: random.between(40, LONGEST) });
    if (ran.code === null) killed += 1;
    else if (![0, 8].includes(ran.code)) throw new Error(`${about}: exit code ${ran.code}: ${ran.stderr}`);
    crash.assertNothingLost(about);
  }
  return killed;
}
