import { registerUnder } from '../../support/other-nixes.ts';

await registerUnder('bookworm', [
  'evaluation',
  'evaluation-flake',
  'evaluation-hostile',
  'evaluation-missing',
  'evaluation-places',
  'evaluation-sources',
  'flake-advice',
  'flake-hostile',
  'flake-inputs',
  'hostile-variables',
  'pipes',
  'nix-elsewhere',
  'nix-sources',
]);
