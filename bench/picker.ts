import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pair } from './measure.ts';
import { environment, inScratch, MAIN, ms, times, writeRegistry, type Row } from './rows.ts';

/** `whisper download` without a model until its picker is shown, compared with `whisper list`; both on a terminal. */
export async function pickerRow(): Promise<Row> {
  return inScratch(async (folder) => {
    writeRegistry(folder, ['ggml-base.en-q5_1.bin']);
    const { ours, theirs, ratio } = await pair(
      30,
      () => timeUntil('download', 'tab select', folder),
      () => timeUntil('list', ' free', folder),
    );
    return {
      what: '`whisper download` until its picker is on the screen',
      result: `${times(ratio)} \`whisper list\` (${ms(ours)} against ${ms(theirs)})`,
      bound: '≤ 1.5 ×',
    };
  });
}

/** Milliseconds until a command has written a text to the terminal that `script` opens; then Ctrl-C ends it. */
async function timeUntil(command: string, text: string, folder: string): Promise<number> {
  const line = `stty columns 80 rows 24; exec '${process.execPath}' '${MAIN}' ${command}`;
  const env = { ...environment(folder), TERM: 'xterm-256color' };
  const started = performance.now();
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  // It may have ended already.
  child.stdin.on('error', () => undefined);
  let shown = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    shown += String(chunk);
    if (shown.includes(text)) break;
  }
  const time = performance.now() - started;
  if (!shown.includes(text)) throw new Error(`whisper ${command} showed ${shown}`);
  child.stdin.write('\u0003');
  await ended;
  return time;
}
