import { registerUnder } from '../../support/other-nixes.ts';

await registerUnder('trixie', [
  'evaluation-flake',
  'evaluation-hostile',
  'evaluation-places',
  'evaluation-sources',
  'flake-hostile',
  'flake-inputs',
  'hostile-variables',
  'pipes',
  'nix-elsewhere',
  'nix-sources',
]);
