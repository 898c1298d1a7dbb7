import { EMACS_WAYS } from './emacs.ts';
import { GIT_WAYS } from './git.ts';
import { KAKOUNE_WAYS } from './kakoune.ts';
import { LINE_DRIVEN_WAYS } from './line-driven.ts';
import { MICRO_WAYS } from './micro.ts';
import { NANO_WAYS } from './nano.ts';
import { PROGRAM_WAYS } from './programs.ts';
import type { SaveWay } from './save-way.ts';
import { VIM_WAYS } from './vim.ts';

/** Every way to save that there is a driver for. */
export const SAVE_WAYS: readonly SaveWay[] = [
  ...VIM_WAYS,
  ...EMACS_WAYS,
  ...NANO_WAYS,
  ...KAKOUNE_WAYS,
  ...MICRO_WAYS,
  ...PROGRAM_WAYS,
  ...GIT_WAYS,
  ...LINE_DRIVEN_WAYS,
];
