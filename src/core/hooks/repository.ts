import { type ProgramName, withProgramName } from '../program-name.ts';

/** Triggers that belong to a repository rather than to an editor. */

export const DIRENV = `# direnv: put this into .envrc. It prunes when you enter the folder and when the registry was saved.
# With a line "dotenv" above it, the output of "whisper env > .env" is set in this folder.
watch_file nix/whisper-manager.nix
if has whisper && [ -e nix/whisper-manager.nix ]; then
  whisper prune --quiet --file nix/whisper-manager.nix || true
fi
`;

export const BEGIN = '# >>> whisper >>>';
export const END = '# <<< whisper <<<';
/** The hooks of git that the block is for. */
export const GIT_HOOKS = ['post-checkout', 'post-merge'] as const;

/** A shell of its own, so that nothing in it changes what the rest of a hook does, or makes git fail. */
export const GIT_BLOCK = `${BEGIN}
(
  # Another commit is checked out or merged: prune the models that the registry no longer lists. The third argument of
  # post-checkout is 0 where only files were checked out; post-merge has none.
  [ "\${3-}" != 0 ] || exit 0
  command -v whisper >/dev/null 2>&1 || exit 0
  for mark in rebase-merge rebase-apply CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG; do
    [ ! -e "$(git rev-parse --git-path "$mark")" ] || exit 0
  done
  top=$(git rev-parse --show-toplevel) || exit 0
  for file in nix/whisper-manager.nix nix/whisper-manager/default.nix whisper-manager.nix; do
    [ -f "$top/$file" ] || continue
    whisper prune --quiet --file "$top/$file"
    break
  done
) </dev/null || true
${END}
`;

export const GIT = `#!/bin/sh
# git: save this as .git/hooks/post-checkout and as .git/hooks/post-merge, and make both executable.
# whisper hook git --install does this, and keeps existing hooks.
${GIT_BLOCK}`;

/** How an entry of pre-commit's list looks, without indentation. */
const PRE_COMMIT_ENTRY = [
  '- repo: local',
  '  hooks:',
  '    - id: whisper-check',
  '      name: whisper check',
  '      entry: whisper check',
  '      language: system',
  '      files: (^|/)whisper-manager(/default)?\\.nix$',
  '      pass_filenames: false',
] as const;

export const PRE_COMMIT = `# pre-commit: put this into .pre-commit-config.yaml, or run whisper hook pre-commit --install.
repos:
${PRE_COMMIT_ENTRY.map((line) => `  ${line}\n`).join('')}`;

export type Installed = { readonly text: string } | { readonly refusal: string };

const SHELL = /^#!.*\b(?:sh|bash|dash|ksh|zsh)\b/;

/** Adds whisper's block after the first line, before any `exit` or `exec`, or replaces it. `undefined`: no hook yet. */
export function withGitBlock(text: string | undefined, name: ProgramName = 'whisper'): Installed {
  const block = withProgramName(GIT_BLOCK, name);
  if (text === undefined) return { text: `#!/bin/sh\n${block}` };
  if (text.includes('\r')) return { refusal: 'it has Windows line endings' };
  const [first = ''] = text.split('\n', 1);
  if (first.startsWith('#!') && !SHELL.test(first)) return { refusal: `it is not a shell script (${first})` };
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin >= 0 && end > begin) {
    const after = text.slice(end + END.length).replace(/^\n/, '');
    return { text: `${text.slice(0, begin)}${block}${after}` };
  }
  if (begin >= 0 || end >= 0) return { refusal: `it contains only one of ${BEGIN} and ${END}` };
  if (!first.startsWith('#!')) return { text: `${block}${text}` };
  return { text: `${first}\n${block}${text.slice(first.length + 1)}` };
}

/** Adds whisper's entry at the end of the list; every other byte stays. `undefined`: no such file yet. */
export function withPreCommitEntry(text: string | undefined, name: ProgramName = 'whisper'): Installed {
  if (text === undefined) return { text: withProgramName(PRE_COMMIT.slice(PRE_COMMIT.indexOf('repos:')), name) };
  if (/^\s*- id: whisper-check\s*$/m.test(text)) return { text };
  const lines = text.split('\n');
  const keys = lines.flatMap((line, at) => (/^repos\s*:/.test(line) ? [at] : []));
  const [key] = keys;
  if (key === undefined || keys.length > 1) return { refusal: 'it has no list of repos' };
  if (!/^repos:\s*(?:#.*)?$/.test(lines[key] ?? ''))
    return { refusal: 'its repos are not a list with one line for each item' };
  const rest = lines.slice(key + 1);
  const first = rest.find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '';
  const indent = /^( *)- /.exec(first)?.[1];
  if (indent === undefined) return { refusal: 'its list of repos is empty or has an unusual layout' };
  const next = rest.findIndex((line) => /^[^\s#-]/.test(line));
  let end = next < 0 ? lines.length : key + 1 + next;
  // Behind the last line of the list, before the blank lines and comments that follow it.
  while (end > key + 1 && /^\s*(?:#.*)?$/.test(lines[end - 1] ?? '')) end -= 1;
  const newline = text.includes('\r\n') ? '\r' : '';
  const entry = PRE_COMMIT_ENTRY.map((line) => `${indent}${withProgramName(line, name)}${newline}`);
  const before = lines.slice(0, end);
  if (end === lines.length) {
    // The last line of the file was the last of the list, and did not end.
    before.push(`${before.pop() ?? ''}${newline}`);
    entry.push('');
  }
  return { text: [...before, ...entry, ...lines.slice(end)].join('\n') };
}
