/** The two names of the whole program: OpenAI's package for Python installs a `whisper` too. */
export type ProgramName = 'whisper' | 'whisper-manager';

/** The name that texts call the program by, from the name that it was called by, which may be that of one command. */
export function programName(called: string): ProgramName {
  return called === 'whisper-manager' ? called : 'whisper';
}

// The program before one of its commands, as a word of a script or a string of an editor's language, and behind what looks for it.
const CALLS =
  /(?<![\w.~/-])whisper(?= (?:prune|check|hook|env|watch|completions)\b)|(?<=\['|\["|\{ "|\(list "|executable\(['"]|executable-find "|name="program" value="|has |command -v |program[= ])whisper(?=['" ;)\n]|$)/gm;

/** A text that calls the program `whisper`, such as a hook, with the name that it was called by. */
export function withProgramName(text: string, name: ProgramName): string {
  return text.replace(CALLS, name);
}
