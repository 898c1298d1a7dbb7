import { registerUnder } from '../../support/other-nixes.ts';

await registerUnder('trixie', [
  'evaluation-flake',
  'evaluation-hostile',
  'evaluation-places',
  'flake-hostile',
  'flake-inputs',
  'hostile-variables',
  'pipes',
  'nix-elsewhere',
  'nix-sources',
]);
