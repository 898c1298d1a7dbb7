import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, type Saver, type SaveWay } from './save-way.ts';
import { Terminal } from './terminal.ts';

/** Vim as it comes: with the settings that are named, and nobody's `vimrc`. */
const VIM = ['vim', '-u', 'NONE', '-N', '-i', 'NONE'];
const NEOVIM = ['nvim', '--clean', '-i', 'NONE'];

/** Below /tmp neither of them makes a backup, if not told so. */
const NO_SKIP = 'set backupskip=';

type Effect = Pick<SaveWay, 'kind' | 'inode' | 'leaves'>;
const IN_PLACE: Effect = { kind: 'write', inode: 'same' };
const RECREATED: Effect = { kind: 'write', inode: 'new' };

export const VIM_WAYS: readonly SaveWay[] = [
  vimWay('vim', VIM, '', RECREATED),
  vimWay('vim (backupcopy=yes)', VIM, 'set backupcopy=yes', IN_PLACE),
  vimWay('vim (backupcopy=no)', VIM, 'set backupcopy=no', RECREATED),
  vimWay('vim (backupcopy=auto)', VIM, 'set backupcopy=auto', RECREATED),
  vimWay('vim (nowritebackup)', VIM, 'set nowritebackup', IN_PLACE),
  vimWay('vim (backup)', VIM, 'set backup', { ...RECREATED, leaves: ['F~'] }),
  vimWay('neovim', NEOVIM, '', RECREATED),
  vimWay('neovim (backupcopy=yes)', NEOVIM, 'set backupcopy=yes', IN_PLACE),
  vimWay('neovim (nowritebackup)', NEOVIM, 'set nowritebackup', IN_PLACE),
];

function vimWay(name: string, program: readonly string[], settings: string, effect: Effect): SaveWay {
  const [command = ''] = program;
  // Neovim has its swap files elsewhere.
  const leaves = [...(effect.leaves ?? []), ...(command === 'vim' ? ['.F.swp'] : [])];
  const open = async (file: string, folder: string): Promise<Saver> =>
    openVim([...program, '-c', NO_SKIP, '-c', settings, file], folder);
  return { name, needs: [command, 'tmux'], ...effect, leaves, open };
}

async function openVim(command: readonly string[], folder: string): Promise<Saver> {
  const next = join(folder, 'next');
  const done = join(folder, 'done');
  const script = join(folder, 'save.vim');
  const sign = `call writefile([], '${done}')`;
  writeFileSync(script, ['silent %d _', `silent 0r ${next}`, 'silent $d _', 'silent w', sign, ''].join('\n'));
  const terminal = await Terminal.start(command, folder, environment(folder));
  const after = async (keys: string): Promise<void> => {
    rmSync(done, { force: true });
    await terminal.press(keys);
    await terminal.until(() => existsSync(done));
  };
  await after(`:${sign}\r`);
  return {
    save: async (text) => {
      writeFileSync(next, text);
      await after(`:source ${script}\r`);
    },
    close: async () => terminal.close(':qa!\r'),
  };
}
