import { basename, dirname, resolve } from 'node:path';
import { type GitHost, inIsolation, runGit } from './git.ts';

interface Line {
  /** Links followed. */
  readonly file: string;
  /** What is in the file now, committed or not. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const QUESTIONS = ['HEAD', '--show-object-format', '--git-path', 'objects', '--git-path', 'shallow', '--show-prefix'];

/** The commit that last changed a line; `undefined`: unknown. Git sees neither working tree nor configuration there. */
export async function blameLine(host: GitHost, { file, text, line }: Line): Promise<Blame | undefined> {
  const cwd = dirname(file);
  const answers = (await runGit(host, ['rev-parse', ...QUESTIONS], { cwd }))?.split('\n') ?? [];
  const [commit, objectFormat, objects, shallow, prefix] = answers;
  // More lines: the name of a folder has a line break in it.
  if (answers.length !== 6 || !commit || !objectFormat || !objects || !shallow) return undefined;
  const parts = { commit, objectFormat, objects: resolve(cwd, objects), shallow: resolve(cwd, shallow) };
  return inIsolation(parts, async ({ workTree, env }) => {
    const args = ['--no-textconv', '--porcelain', '--contents', '-', '-L', `${line},${line}`];
    const command = ['-c', 'mailmap.blob=HEAD:.mailmap', 'blame', ...args, '--', `${prefix}${basename(file)}`];
    const output = await runGit(host, command, { cwd: workTree, env, input: text });
    return output === undefined ? undefined : readBlame(output);
  });
}

export interface Blame {
  /** The commit's hash; `null`: changed and not committed yet. */
  readonly commit: string | null;
  readonly author: string;
  /** ISO 8601. */
  readonly time: string;
  readonly summary: string;
}

/** Reads what `git blame --porcelain` says of one line (git-blame(1), "THE PORCELAIN FORMAT"); `undefined` where it says nothing. */
export function readBlame(output: string): Blame | undefined {
  const commit = /^([0-9a-f]{40,64}) \d+ \d+/.exec(output)?.[1];
  const field = (name: string): string | undefined => new RegExp(`^${name} (.*)$`, 'm').exec(output)?.[1];
  const [author, seconds, summary = ''] = [field('author'), field('author-time'), field('summary')];
  if (commit === undefined || author === undefined || seconds === undefined) return undefined;
  const time = new Date(Number(seconds) * 1000);
  if (Number.isNaN(time.getTime())) return undefined;
  return { commit: /^0+$/.test(commit) ? null : commit, author, time: time.toISOString(), summary };
}
