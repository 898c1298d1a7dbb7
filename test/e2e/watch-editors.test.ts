import { VIM_WAYS } from '../support/saves/vim.ts';
import { EMACS_WAYS } from '../support/saves/emacs.ts';
import { testSaves } from '../support/saves/test-saves.ts';

testSaves([...VIM_WAYS, ...EMACS_WAYS]);
