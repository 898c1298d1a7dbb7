import { registerUnder } from '../../support/other-nixes.ts';

await registerUnder('sid', [
  'evaluation',
  'evaluation-flake',
  'evaluation-hostile',
  'evaluation-missing',
  'evaluation-places',
  'flake-hostile',
  'flake-inputs',
  'hostile-variables',
  'nix-elsewhere',
]);
