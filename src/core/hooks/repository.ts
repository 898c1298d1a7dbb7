/** Triggers that belong to a repository rather than to an editor. */

export const DIRENV = `# direnv: put this into .envrc. Entering the folder, and saving the registry, prunes what it no longer lists.
# A line with dotenv above it loads what "whisper env > .env" has written, in this folder only.
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
# whisper hook git --install does that, and keeps what is there.
${GIT_BLOCK}`;

/** How an entry of pre-commit's list looks, without indentation. */
export const PRE_COMMIT_ENTRY = [
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
