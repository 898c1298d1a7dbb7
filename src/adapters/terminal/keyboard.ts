import { StringDecoder } from 'node:string_decoder';
import { type Host, isInForeground } from '../process/host.ts';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001A';
const CTRL_BACKSLASH = '\u001C';

/** What happens to the screen while the program sleeps, and after the keys that arrived together. */
export interface Screen {
  readonly leave: () => void;
  readonly comeBack: () => void;
  readonly afterKeys: () => void;
}

/**
 * Calls back for each key that is pressed on the terminal, without waiting for the end of a line. Returns what ends that;
 * `undefined`: there is no terminal, or it is somebody else's turn. Ctrl-C, Ctrl-Z and Ctrl-\ do what they always do.
 */
export function listenToKeys(
  { stdin }: Pick<Host, 'stdin'>,
  pressed: (key: string) => void,
  screen?: Screen,
): (() => void) | undefined {
  if (stdin.isTTY !== true || !stdin.setRawMode || !isInForeground()) return undefined;
  const setRaw = (isRaw: boolean): void => void stdin.setRawMode?.(isRaw);
  const resume = (): void => {
    setRaw(true);
    screen?.comeBack();
  };
  const giveBack = (): void => {
    screen?.leave();
    setRaw(false);
  };
  const decoder = new StringDecoder('utf8');
  const take = (chunk: Buffer): void => {
    for (const key of decoder.write(chunk)) {
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      else if (key === CTRL_Z) {
        giveBack();
        // As the terminal does: a script that waits for this program sleeps too, or its shell never gets the terminal.
        process.kill(0, 'SIGTSTP');
      } else if (key === CTRL_BACKSLASH) process.kill(process.pid, 'SIGQUIT');
      else pressed(key);
    }
    screen?.afterKeys();
  };
  const hangUp = (): void => void process.kill(process.pid, 'SIGHUP');
  const quit = (): void => {
    giveBack();
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
