import type * as diagnostics from '../../../src/core/messages/diagnostics.ts';
import type * as edits from '../../../src/core/messages/edits.ts';
import type * as evaluation from '../../../src/core/messages/evaluation.ts';
import type * as registry from '../../../src/core/messages/registry.ts';
import type * as roots from '../../../src/core/messages/roots.ts';
import { type Place, WhisperError } from '../../../src/core/errors.ts';
import { CAUSE, FILE, HOSTILE, PATH, PLACE, type Examples } from './examples.ts';

const CONSTRUCTS = [
  { kind: 'element' },
  { kind: 'source' },
  { kind: 'selection' },
  { kind: 'call', name: 'lib.nixosSystem' },
  { kind: 'option', name: 'lib.mkOption', option: 'services.example.models' },
  { kind: 'default', name: 'activeModels' },
  { kind: 'argument', name: 'activeModels' },
  { kind: 'function', name: 'make' },
  { kind: 'operand', name: '==' },
] as const;
const READ_ONLY = { code: 'registry-read-only', byHand: `add the line "${FILE}"` } as const;
const COMPUTED = new WhisperError('registry-computed', 'activeModels is computed at 4:5, by map', 'Write it', {
  place: PLACE,
});
const NO_NIX = new WhisperError('nix-missing', 'nix-instantiate is not on PATH', 'Install Nix');

export const REGISTRY: Examples<typeof registry> = {
  registryNotFound: [[PATH, ['nix/whisper-manager.nix', 'whisper-manager.nix']]],
  registryMissing: [[PATH]],
  danglingRegistry: [[PATH, '/srv/gone']],
  unreadableRegistry: [
    [PATH, 'ENOENT', CAUSE],
    [PATH, 'EACCES', CAUSE],
    [PATH, 'EIO', CAUSE],
  ],
  registryNotAFile: [[PATH]],
  registryNotText: [[PATH, CAUSE]],
  nestedTooDeeply: [[PATH, CAUSE]],
  tooComplexToParse: [[PATH, CAUSE]],
  syntaxError: [
    [`unexpected ${HOSTILE}`, undefined, PLACE],
    ['a quote is missing', 'Close the string', PLACE],
  ],
  missingList: [[PATH, 'activeModels']],
  listNotReachable: [
    ['lib.activeModels', 'activeModels', { construct: undefined, isLiteral: false }, PLACE],
    ...CONSTRUCTS.map((construct): [string, string, registry.Surroundings, Place] => [
      'activeModels',
      'activeModels',
      { construct, isLiteral: true },
      PLACE,
    ]),
  ],
  changeAround: CONSTRUCTS.map((construct): [registry.Surroundings, string] => [
    { construct, isLiteral: false },
    'activeModels',
  ]) as [[registry.Surroundings, string]],
  ambiguousList: [
    [
      'activeModels',
      [
        { line: 4, column: 5, option: '--attr a.activeModels', what: undefined },
        { line: 9, column: 5, option: undefined, what: 'an argument' },
      ],
      2,
      PLACE,
    ],
  ],
  computedList: [
    ['activeModels', { reason: `by ${HOSTILE}` }, PLACE],
    ['activeModels', { reason: 'by `lib.mkOption`', called: 'lib.mkOption' }, PLACE],
    ['activeModels', { reason: 'by `import`', called: 'import' }, PLACE],
    ['activeModels', { reason: 'from models, an argument of the function', isArgument: true }, PLACE],
    ['activeModels', { reason: 'by `map`', called: 'map' }, PLACE],
    ['activeModels', { reason: 'by `map`', called: 'map' }, PLACE, 'no-eval'],
    ['activeModels', { reason: 'by `map`', called: 'map' }, PLACE, 'odd-binding'],
    ['activeModels', { reason: 'by `f`', change: 'Bind it before the call' }, PLACE],
  ],
  registryExists: [
    [PATH, true],
    [PATH, false],
  ],
  registryInStore: [[PATH]],
};

export const EDITS: Examples<typeof edits> = {
  sourceNotEditable: [[PATH, ['modelSources."ggml-x.bin" = { url = "https://a.example/x.bin"; };']]],
  editRefused: [[PATH, 'activeModels', `take "${HOSTILE}" out`, CAUSE]],
  computedListNotEditable: [
    ['activeModels', 'by map', `take "${HOSTILE}" out`, PLACE],
    ['activeModels', undefined, `add the line "${FILE}"`, PLACE],
  ],
  sharedListNotEditable: [['activeModels', 'base', `write activeModels = base ++ [ "${FILE}" ]`, PLACE]],
  fileReadOnly: [
    [PATH, true, READ_ONLY],
    [PATH, false, { code: 'lock-file-read-only' }],
  ],
  writeFailed: [
    [PATH, 'EIO', READ_ONLY, CAUSE],
    [PATH, 'EIO', { code: 'lock-file-read-only' }, CAUSE],
  ],
  attributesWouldBeLost: [
    [PATH, READ_ONLY],
    [PATH, { code: 'lock-file-read-only' }],
  ],
  lockFileLinkOutside: [[PATH, '/home/u/.config/lock.json', '/home/u/clone']],
  invalidLockFile: [
    [PATH, 'not JSON', CAUSE],
    [PATH, 'it is of version 2, not 1'],
  ],
  invalidEntry: [
    [HOSTILE, PLACE],
    ['bsae.en', PLACE],
  ],
  unknownListedModel: [
    ['ggml-bas.bin', ['base', 'base.en'], PLACE],
    ['ggml-own.bin', [], PLACE],
  ],
  unpinnableModel: [['ggml-own.bin', PLACE]],
  emptyListRefused: [
    [PATH, [FILE], 1],
    [PATH, [FILE, 'ggml-tiny.bin'], 2],
  ],
};

export const EVALUATION: Examples<typeof evaluation> = {
  nixNotInstalled: [
    ['nix-instantiate', 'evaluation'],
    ['nix-store', 'push'],
  ],
  computedWithoutNix: [[COMPUTED, NO_NIX]],
  flakeNeedsNix: [[`.#${HOSTILE}`]],
  flakeNotLocked: [
    [{ input: 'nixpkgs', how: 'missing' }, 'nix flake lock'],
    [{ input: HOSTILE, how: 'changed' }, 'nix flake lock ./nix'],
    [{ input: 'a/b', how: 'left' }, 'nix flake lock'],
  ],
  invalidFlakeLock: [['nix flake lock']],
  unsupportedFlakeAttribute: [[HOSTILE]],
  flakeInputMissing: [['nixpkgs', 'nix flake archive']],
  flakeNotFetched: [['github:o/r', 'Nix says: no file']],
  nameFlakeOutput: [['..#lib.activeModels']],
  exportFromFlake: [
    [
      'lib.activeModels = (import ./list.nix { pkgs = nixpkgs.legacyPackages.x86_64-linux; }).activeModels;',
      undefined,
      '.#lib.activeModels',
    ],
    [
      'lib.activeModels = (import ./nix/list.nix { lib = inputs.nixpkgs.lib; }).activeModels;',
      'activeModels',
      '.#lib.activeModels',
    ],
  ],
  missingFlakeOutput: [['.#lib.activeModels', 'lib.activeModels']],
  unevaluatedList: [
    [{ attr: 'activeModels', reason: 'by map', said: HOSTILE, hint: undefined, place: PLACE }],
    [{ attr: 'activeModels', reason: undefined, said: 'it throws', hint: 'Fix it', place: undefined }],
  ],
  unevaluatedModelsDir: [[{ reason: 'by map', said: HOSTILE, place: PLACE }]],
  notAListOfStrings: [['activeModels', 'a number', PLACE]],
  modelsDirNotAPath: [['a number', PLACE]],
  modelsDirNeedsNix: [['by map', PLACE]],
  flakeNotFound: [['/srv/talks']],
  flakeFolderMissing: [['/srv/talks']],
  untrackedFlake: [['/srv/talks']],
  flakeFilesUnknown: [['/srv/talks']],
  modelsDirVariableNotAllowed: [['HF_TOKEN', PLACE]],
  modelsDirNotAbsolute: [[HOSTILE, '/home/me/nix/whisper-manager.nix']],
};

const FIRST = { value: `${HOSTILE}.bin`, line: 3 };

export const DIAGNOSTICS: Examples<typeof diagnostics> = {
  unlistedSource: [[HOSTILE]],
  sourceWithoutPin: [
    [HOSTILE, 'hash'],
    ['ggml-x.bin', 'size'],
  ],
  invalidFileName: [[HOSTILE], ['bsae.en']],
  retiredName: [['ggml-large.bin']],
  neverPublished: [['ggml-tiny-q4_2.bin']],
  notInCatalogue: [[HOSTILE]],
  duplicateEntry: [
    [FILE, { value: FILE, line: 3 }],
    [FILE, FIRST],
    [FILE, { value: FILE, line: null }],
  ],
  correctionAlreadyListed: [['"base.en" is not a model file name', FILE, FIRST]],
  withSuggestion: [['"base.en" is not a model file name', FILE]],
  activeNotPinned: [[FILE]],
  pinnedNotActive: [[FILE]],
  differsFromPin: [[FILE]],
  pinContradictsCatalogue: [[FILE, [['size', 4711]]]],
};

const MISSING = { root: { file: PATH, attr: 'team' }, active: [FILE], missingSince: undefined, until: undefined };
const SINCE = { missingSince: '2026-01-02T03:04:05.000Z', until: new Date('2026-01-16T03:04:05Z') };

export const ROOTS: Examples<typeof roots> = {
  unreadableRoot: [[PATH, '/other/whisper-manager.nix', `${PATH}.json`, COMPUTED]],
  unknownMissingRoot: [
    [PATH, PATH, undefined],
    [PATH, PATH, SINCE.until],
  ],
  rootMissing: [[MISSING], [{ ...MISSING, ...SINCE }]],
  rootExpired: [[HOSTILE]],
  rootForgotten: [[HOSTILE]],
  rootNotRecorded: [[HOSTILE]],
  unknownRoot: [
    [HOSTILE, []],
    [HOSTILE, [PATH]],
  ],
  ambiguousRoot: [[PATH, [PATH, `${PATH}/x`]]],
  rootStillReadable: [[PATH]],
};
