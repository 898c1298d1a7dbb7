import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, type Saver, type SaveWay } from './save-way.ts';
import { Terminal } from './terminal.ts';

/** Vim with only the given settings, without a `vimrc`. */
const VIM = ['vim', '-u', 'NONE', '-N', '-i', 'NONE'];
const NEOVIM = ['nvim', '--clean', '-i', 'NONE'];

/** By default neither of them makes a backup below /tmp. */
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
  const script = join(folder, 'save.vim');
  const terminal = await Terminal.start(command, folder, environment(folder));
  // Before it shows the file it throws away what is typed.
  await terminal.untilScreen(/\d+L, \d+B|\d+,\d+(?:-\d+)?\s+All/);
  let count = 0;
  return {
    save: async (text) => {
      count += 1;
      const done = join(folder, `done${count}`);
      const sign = `call writefile([], '${done}')`;
      writeFileSync(script, ['silent %d _', `silent 0r ${next}`, 'silent $d _', 'silent w', sign, ''].join('\n'));
      writeFileSync(next, text);
      await terminal.press(`:source ${script}\r`);
      await terminal.until(() => existsSync(done));
    },
    close: async () => terminal.close(':qa!\r'),
  };
}
