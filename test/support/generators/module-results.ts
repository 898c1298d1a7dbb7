import { code } from './layout.ts';
import { binding, letIn, type Result, set } from './parts.ts';

/** Module functions: what is defined once is the value. */
export const MODULES: readonly Result[] = [
  {
    write: (list, others) =>
      set(...others, binding('config', `lib.mkIf true${code(' ')}${set(binding('activeModels', list))}`)),
    path: ['config', 'activeModels'],
  },
  {
    write: (list) => set(binding('programs.whisper', `lib.mkDefault ${set(binding('activeModels', list))}`)),
    path: ['programs', 'whisper', 'activeModels'],
  },
  ...['mkForce', 'mkDefault', 'mkBefore', 'mkAfter', 'mkOrder 7', 'mkOverride 7', 'mkIf true'].map((name): Result => ({
    write: (list, others) => set(binding('w.activeModels', `lib.${name} (${list})`), ...others.slice(0, 1)),
    path: ['w', 'activeModels'],
  })),
  {
    write: (list) => set(binding('w.activeModels', `lib.mkIf (1 < 2) (lib.mkForce (${list}))`)),
    path: ['w', 'activeModels'],
  },
  {
    write: (list) =>
      set(
        binding(
          'config',
          `lib.mkMerge [${code(' { other = 1; } ')}${set(binding('w.activeModels', list))}${code(
            ' ',
          )}(lib.mkIf false { more = 1; }) ]`,
        ),
      ),
    path: ['config', 'w', 'activeModels'],
  },
  {
    write: (list) => set(binding('w.activeModels', `lib.mkMerge [ (${list}) [ "ggml-m.bin" ] ]`)),
    path: ['w', 'activeModels'],
  },
  // More than one definition, or what may be one.
  {
    write: (list) =>
      set(
        binding(
          'config',
          `lib.mkMerge [ ${set(binding('w.activeModels', list))} { w.activeModels = [ "ggml-m.bin" ]; } ]`,
        ),
      ),
    path: ['config', 'w', 'activeModels'],
  },
  {
    write: (list) =>
      set(
        binding(
          'config',
          `lib.mkMerge [ ${set(binding('w.activeModels', list))} { w = builtins.mapAttrs (n: v: v) { activeModels = [ "ggml-m.bin" ]; }; } ]`,
        ),
      ),
    path: ['config', 'w', 'activeModels'],
  },
  {
    write: (list) =>
      set(
        binding(
          'config',
          `lib.mkMerge [ ${set(binding('w.activeModels', list))} (builtins.listToAttrs [ { name = "w"; value.activeModels = lib.mkForce [ ]; } ]) ]`,
        ),
      ),
    path: ['config', 'w', 'activeModels'],
  },
  {
    write: (list) =>
      letIn(
        [code('more = { w.activeModels = [ "ggml-m.bin" ]; };')],
        set(binding('config', `lib.mkMerge [ ${set(binding('w.activeModels', list))} more ]`)),
      ),
    path: ['config', 'w', 'activeModels'],
  },
];
