import { StringDecoder } from 'node:string_decoder';
import { type Host, isInForeground } from '../process/host.ts';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001A';
const CTRL_BACKSLASH = '\u001C';

/** Called when the program is suspended and resumed, and after the keys that arrived together. */
export interface Screen {
  readonly suspend: () => void;
  readonly resume: () => void;
  readonly afterKeys: () => void;
}

/** Calls `pressed` for each key but Ctrl-C, Ctrl-Z and Ctrl-\. Returns a function to stop; `undefined`: no terminal here. */
export function listenToKeys(
  { stdin }: Pick<Host, 'stdin'>,
  pressed: (key: string) => void,
  screen?: Screen,
): (() => void) | undefined {
  if (stdin.isTTY !== true || !stdin.setRawMode || !isInForeground()) return undefined;
  const setRaw = (isRaw: boolean): void => void stdin.setRawMode?.(isRaw);
  const resume = (): void => {
    setRaw(true);
    screen?.resume();
  };
  const restore = (): void => {
    screen?.suspend();
    setRaw(false);
  };
  const decoder = new StringDecoder('utf8');
  const take = (chunk: Buffer): void => {
    for (const key of decoder.write(chunk)) {
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      else if (key === CTRL_Z) {
        restore();
        // The whole process group, as the terminal does: a script that waits for this program has to stop too, so that its shell
        // gets the terminal.
        process.kill(0, 'SIGTSTP');
      } else if (key === CTRL_BACKSLASH) process.kill(process.pid, 'SIGQUIT');
      else pressed(key);
    }
    screen?.afterKeys();
  };
  const hangUp = (): void => void process.kill(process.pid, 'SIGHUP');
  const quit = (): void => {
    restore();
    process.off('SIGQUIT', quit);
    process.kill(process.pid, 'SIGQUIT');
  };
  setRaw(true);
  process.on('SIGCONT', resume).on('SIGQUIT', quit);
  stdin.on('data', take).on('end', hangUp).on('error', hangUp);
  return () => {
    process.off('SIGCONT', resume).off('SIGQUIT', quit);
    stdin.off('data', take).off('end', hangUp).off('error', hangUp);
    stdin.pause();
    setRaw(false);
  };
}
