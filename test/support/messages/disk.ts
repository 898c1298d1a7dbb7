import type * as disk from '../../../src/core/messages/disk.ts';
import type * as watch from '../../../src/core/messages/watch.ts';
import type * as models from '../../../src/core/messages/models.ts';
import type * as notices from '../../../src/core/messages/notices.ts';
import { WhisperError } from '../../../src/core/errors.ts';
import { CAUSE, FILE, HOSTILE, PATH, PLACE, type Examples } from './examples.ts';

const AT = { path: PATH, reason: 'EACCES', option: '--models-dir', cause: CAUSE } as const;
const ROOM = { needed: 100, free: 10, freed: 0 };
const MANY = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

export const DISK: Examples<typeof disk> = {
  diskError: [
    [AT],
    [{ ...AT, option: '--file' }],
    [{ ...AT, option: 'none' }],
    [{ ...AT, reason: 'ENOSPC' }],
    [{ ...AT, reason: 'EROFS' }],
    [{ ...AT, reason: 'ENOENT' }],
    [{ ...AT, reason: 'ELOOP' }],
    [{ ...AT, reason: 'EISDIR' }],
    [{ ...AT, reason: 'ENOTDIR' }],
    [{ ...AT, reason: 'EIO' }],
  ],
  workingDirectoryGone: [[CAUSE]],
  outputNotWritable: [
    ['ENOSPC', CAUSE],
    ['EFBIG', CAUSE],
  ],
  foreignLockFile: [[PATH]],
  foreignFolder: [
    [PATH, true],
    [PATH, false],
  ],
  linkOfAnotherUser: [[PATH]],
  partialReplaced: [[PATH]],
  notEnoughSpace: [
    [PATH, ROOM, []],
    [PATH, { ...ROOM, freed: 5 }, ['tiny', 'base']],
    [PATH, ROOM, MANY],
  ],
  notEnoughSpaceForFile: [[PATH, 100, 10]],
  notEnoughSpaceForRepair: [[PATH, 100, 10]],
  lowSpace: [[10]],
  noKernelLocks: [[HOSTILE]],
  folderNotWritable: [[PATH, CAUSE]],
  unreadableRootNotes: [[[PATH, '/models/.whisper/roots/x.json']]],
};

const OTHER = { name: FILE, size: 4712, expected: 4711, isOwn: false };

export const MODELS: Examples<typeof models> = {
  invalidModelName: [
    [HOSTILE, []],
    [HOSTILE, ['base.en', 'tiny']],
  ],
  unknownModel: [
    [HOSTILE, []],
    ['bas', ['base', 'base.en']],
  ],
  conflictingFile: [
    [OTHER, 'catalogue'],
    [{ ...OTHER, isOwn: true }, 'lock file'],
    [{ ...OTHER, size: 4711 }, 'catalogue'],
  ],
  pathOccupied: [[FILE, PATH]],
  pushOfUnpinned: [[FILE]],
  pushOfMissing: [
    [FILE, true],
    ['ggml-own.bin', false],
  ],
  pushOfWrongBytes: [[FILE]],
  downloadWhileOffline: [[FILE]],
  pinWhileOffline: [[FILE]],
};

const TROUBLE = new WhisperError('busy', 'Another process is using it', 'Wait for it', { place: PLACE });
const LASTING = new WhisperError('registry-eval', 'It cannot be evaluated', 'Fix it; nothing was changed');

export const NOTICES: Examples<typeof notices> = {
  sourceCompleted: [['ggml-x.bin']],
  sourceHashUnknown: [['ggml-x.bin']],
  notDownloaded: [[FILE]],
  modelsDirOverridden: [
    [PATH, '/srv/a', '/b/whisper-manager.nix'],
    ['/srv/a', PATH, '/b/whisper-manager.nix'],
    ['/srv/a', '/srv/b', PATH],
  ],
  asWarning: [[TROUBLE]],
  listPartlyComputed: [[TROUBLE]],
  unreadableStateFile: [
    [PATH, 'root'],
    [PATH, 'partial'],
    [PATH, 'record'],
  ],
  moreWarnings: [[PATH]],
  hashingUnverified: [[[{ name: FILE, size: 59_721_011 }]]],
  keptHashMismatch: [[FILE]],
  movedAside: [[FILE, PATH]],
  keptInUse: [[FILE, [`process 4711 (${HOSTILE})`, 'process 4712 (whisper-server)']]],
  emptyListNotPruned: [[]],
  headerMismatch: [
    [FILE, 'it is a page', PATH, true],
    [FILE, 'it is a page', PATH, false],
  ],
  linkSkipped: [[PATH]],
  ownFileSkipped: [[PATH, FILE]],
  notAdopted: [[FILE, PATH, 'it has another hash']],
  noActiveModel: [[]],
  nothingToUndo: [[]],
  nothingToPrune: [[]],
  registryInvalid: [[]],
  pollingFileSystem: [[HOSTILE]],
  watchLimitReached: [['ENOSPC'], ['EMFILE']],
};

export const WATCH: Examples<typeof watch> = {
  registryHasNoText: [
    [PATH, 'absent'],
    [PATH, 'dangling'],
    [PATH, 'empty'],
    [PATH, 'folder'],
    [PATH, 'no-file'],
    [PATH, 'unreadable'],
  ],
  registryStillOpen: [[PATH]],
  registryBeingSaved: [[PATH]],
  listUnreadable: [[TROUBLE], [LASTING]],
  gitInProgress: [['rebasing', PATH]],
  modelsDirChanged: [[PATH]],
  modelsDirLocked: [[TROUBLE]],
};
