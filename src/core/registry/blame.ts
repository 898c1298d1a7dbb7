/** Who last changed a line, as git has it. */
export interface Blame {
  /** The commit's hash; `null`: changed and not committed yet. */
  readonly commit: string | null;
  readonly author: string;
  /** ISO 8601. */
  readonly time: string;
  /** The first line of the commit's message. */
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
