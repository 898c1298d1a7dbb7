import { scripted } from './scripted.ts';
import type { SaveWay } from './save-way.ts';

/** The folder of the file becomes a repository with the file in it. */
export const REPOSITORY = `
  git init -q -b main
  git config user.name tester
  git config user.email tester@localhost
  git config gc.auto 0
  git add "$NAME"
  git commit -qm start`;

// The text gets into the repository without a touch of the file: what git does to that is the save alone.
const BLOB = 'blob=$(git hash-object -w "$NEXT")';
const TREE = `${BLOB}; tree=$(printf '100644 blob %s\\t%s\\n' "$blob" "$NAME" | git mktree)`;
const COMMIT = `${TREE}; commit=$(git commit-tree -p HEAD -m "save $N" "$tree")`;
const BRANCH = `${COMMIT}; branch=branch$((N % 2)); git branch -qf "$branch" "$commit"`;
// What `git stash` makes: a commit of the index, and one of the work tree on top of that and the branch.
const STASH = `
  index=$(git commit-tree -p HEAD -m index 'HEAD^{tree}')
  stash=$(git commit-tree -p HEAD -p "$index" -m "save $N" "$tree")
  git stash store -qm "save $N" "$stash"`;

export const GIT_WAYS: readonly SaveWay[] = [
  gitWay('git checkout BRANCH', `${BRANCH}; git checkout -q "$branch"`),
  gitWay('git switch', `${BRANCH}; git switch -q "$branch"`),
  gitWay('git checkout -- F', `${BLOB}; git update-index --cacheinfo "100644,$blob,$NAME"; git checkout -- "$NAME"`),
  gitWay('git stash', `${COMMIT}; git reset -q --soft "$commit"; git stash -q`),
  gitWay('git stash pop', `git commit -qam "before $N" --allow-empty; ${TREE}; ${STASH}; git stash pop -q`),
];

function gitWay(name: string, script: string): SaveWay {
  return scripted({ name, needs: ['git'], kind: 'write', inode: 'new', leaves: ['.git'], before: REPOSITORY, script });
}
