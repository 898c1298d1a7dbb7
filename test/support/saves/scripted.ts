import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { environment, type Saver, type SaveWay } from './save-way.ts';

/**
 * A way to save that is a line of shell. It finds the file in `$F` (its name alone in `$NAME`, its folder the current one),
 * a file with the new text in `$NEXT`, half of that one's length in `$HALF`, and the number of the save in `$N`.
 */
export interface Scripted extends Omit<SaveWay, 'open'> {
  /** What is run once before. */
  readonly before?: string;
  readonly script: string;
  /** Where `$NEXT` lies, if not in the scratch folder. */
  readonly shelf?: string;
}

export function scripted({ before = '', script, shelf, ...way }: Scripted): SaveWay {
  return { ...way, open: async (file, folder) => openScripted(file, folder, { before, script, shelf }) };
}

async function openScripted(
  file: string,
  folder: string,
  { before, script, shelf }: { before: string; script: string; shelf: string | undefined },
): Promise<Saver> {
  const place = shelf === undefined ? folder : mkdtempSync(join(shelf, 'whisper-test-'));
  const next = join(place, 'next');
  const env = { ...environment(folder), F: file, NAME: basename(file), NEXT: next };
  if (before !== '') await runShell(before, dirname(file), env);
  let count = 0;
  return {
    save: async (text) => {
      count += 1;
      writeFileSync(next, text);
      await runShell(script, dirname(file), { ...env, N: `${count}`, HALF: `${Math.floor(text.length / 2)}` });
    },
    close: async () => {
      if (shelf !== undefined) rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Runs a line of shell; whatever fails in it is an error. */
export async function runShell(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('sh', ['-euc', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${said}`);
}
