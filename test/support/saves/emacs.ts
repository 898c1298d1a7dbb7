import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { REPOSITORY } from './git.ts';
import { LineProcess } from './line-process.ts';
import { environment, type Saver, type SaveWay } from './save-way.ts';
import { runShell } from './scripted.ts';

const RENAMED = { kind: 'rename', inode: 'new' } as const;
const RECREATED = { kind: 'write', inode: 'new' } as const;
const IN_PLACE = { kind: 'write', inode: 'same' } as const;

/** Emacs makes a backup at the first save of a session only; this makes every save a first one. */
const FIRST = '(setq buffer-backed-up nil)';

/** Emacs in a session without a terminal: it saves as one with a terminal does, locks and backups included. */
export const EMACS_WAYS: readonly SaveWay[] = [
  // Files under version control get no backup.
  { ...emacsWay('emacs, in git', FIRST, REPOSITORY), ...IN_PLACE, needs: ['emacs', 'git'], leaves: ['.git'] },
  { ...emacsWay('emacs, first save', FIRST), ...RECREATED, leaves: ['F~'] },
  { ...emacsWay('emacs (backup-by-copying)', `${FIRST} (setq backup-by-copying t)`), ...IN_PLACE, leaves: ['F~'] },
  { ...emacsWay('emacs (file-precious-flag)', '(setq file-precious-flag t)'), ...RENAMED, leaves: ['F~'] },
  { ...emacsWay('emacs, no backup', '(setq make-backup-files nil)'), ...IN_PLACE },
];

function emacsWay(name: string, settings: string, before = ''): Pick<SaveWay, 'name' | 'needs' | 'open'> {
  return { name, needs: ['emacs'], open: async (file, folder) => openEmacs(file, folder, { settings, before }) };
}

async function openEmacs(
  file: string,
  folder: string,
  { settings, before }: { settings: string; before: string },
): Promise<Saver> {
  const env = environment(folder);
  if (before !== '') await runShell(before, dirname(file), { ...env, NAME: basename(file) });
  const next = join(folder, 'next');
  const script = join(folder, 'save.el');
  writeFileSync(script, saving(file, next, settings));
  const emacs = new LineProcess('emacs', ['-Q', '--batch', '-l', script], env);
  return {
    save: async (text) => {
      writeFileSync(next, text);
      await emacs.ask('save', 'saved');
    },
    close: async () => emacs.close(),
  };
}

/** Emacs visits the file, and saves the text in `next` for each line that it reads. */
function saving(file: string, next: string, settings: string): string {
  return `
(setq backup-enable-predicate (lambda (_) t)) ; or there are no backups below /tmp
(find-file "${file}")
(condition-case nil
    (while (read-string "")
      ${settings}
      (erase-buffer)
      (insert-file-contents-literally "${next}")
      (save-buffer)
      (send-string-to-terminal "saved\\n"))
  (end-of-file nil))
`;
}
