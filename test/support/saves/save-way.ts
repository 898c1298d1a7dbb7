import { missingPrograms } from '../needs.ts';

/** A way in which people's programs save a file. */
export interface SaveWay {
  readonly name: string;
  /** Programs that have to be on PATH. */
  readonly needs: readonly string[];
  /** Whether the file is replaced by a new one in one step ('rename'), or written in place / recreated ('write'). */
  readonly kind: 'rename' | 'write';
  /** Whether the file is another one afterwards. Numbers of inodes are used again, so its birth time counted as well. */
  readonly inode: 'new' | 'same';
  /** Other files that the program leaves next to the file, or has while it is open; `F` is the file's name. */
  readonly leaves?: readonly string[];
  /** Only a text that is as long as the file can be saved. */
  readonly keepsLength?: true;
  /** The kernel sends no events for it, so the file has to be polled. */
  readonly isSilent?: true;
  /** Why this file can't be saved in this way, if not for a program that is missing. */
  readonly obstacle?: (file: string) => string | undefined;
  /**
   * Starts what it takes (an editor session that stays open over all saves). `folder` is a scratch folder for its own
   * files (HOME, sockets), `file` the file that will be saved; it exists, and holds at least a line.
   */
  readonly open: (file: string, folder: string) => Promise<Saver>;
}

export interface Saver {
  /**
   * Replaces the whole content of the file by `text` through the program's own save; resolves when the program has finished
   * saving (file closed, backup removed). `text` is lines of ASCII, the last one ended too, and not what the file holds:
   * several programs leave the file alone then.
   */
  save(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Why this way can't be tried with this file on this machine; `undefined` if it can. */
export function whyNot(way: SaveWay, file: string): string | undefined {
  return missingPrograms(way.needs) ?? way.obstacle?.(file);
}

/** The environment of the programs, without the user's own settings. */
export function environment(folder: string): NodeJS.ProcessEnv {
  const git = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...git };
}
