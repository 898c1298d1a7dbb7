import type * as disk from '../../../src/core/messages/disk.ts';
import type * as holds from '../../../src/core/messages/holds.ts';
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
  noWorkingDirectory: [[CAUSE]],
  outputLost: [
    ['ENOSPC', CAUSE],
    ['EFBIG', CAUSE],
  ],
  strangeLock: [[PATH]],
  strangeFolder: [
    [PATH, true],
    [PATH, false],
  ],
  strangersLink: [[PATH]],
  partialReplaced: [[PATH]],
  noRoom: [
    [PATH, ROOM, []],
    [PATH, { ...ROOM, freed: 5 }, ['tiny', 'base']],
    [PATH, ROOM, MANY],
  ],
  noRoomForTold: [[PATH, 100, 10]],
  noRoomForRepair: [[PATH, 100, 10]],
  littleSpace: [[10]],
  folderNotWritable: [[PATH, CAUSE]],
  damagedRoots: [[[PATH, '/models/.whisper/roots/x.json']]],
};

const OTHER = { name: FILE, size: 4712, expected: 4711, isOwn: false };

export const MODELS: Examples<typeof models> = {
  noModelName: [
    [HOSTILE, []],
    [HOSTILE, ['base.en', 'tiny']],
  ],
  unknownModel: [
    [HOSTILE, []],
    ['bas', ['base', 'base.en']],
  ],
  otherFile: [
    [OTHER, 'catalogue'],
    [{ ...OTHER, isOwn: true }, 'lock file'],
    [{ ...OTHER, size: 4711 }, 'catalogue'],
  ],
  inTheWay: [[FILE, PATH]],
  pushOfUnpinned: [[FILE]],
  pushOfMissing: [
    [FILE, true],
    ['ggml-own.bin', false],
  ],
  pushOfWrongBytes: [[FILE]],
  offline: [[FILE]],
  pinOffline: [[FILE]],
};

const TROUBLE = new WhisperError('busy', 'Another process is at work', 'Wait for it to end.', { place: PLACE });
const LASTING = new WhisperError('registry-eval', 'It cannot be evaluated', 'Nothing was touched.');

export const NOTICES: Examples<typeof notices> = {
  notDownloadedYet: [[FILE]],
  modelsDirOverridden: [
    [PATH, '/srv/a', '/b/whisper-manager.nix'],
    ['/srv/a', PATH, '/b/whisper-manager.nix'],
    ['/srv/a', '/srv/b', PATH],
  ],
  goingOn: [[TROUBLE]],
  partUnknown: [[TROUBLE]],
  noteDamaged: [
    [PATH, 'root'],
    [PATH, 'partial'],
    [PATH, 'record'],
  ],
  moreOfTheKind: [[PATH]],
  hashingFirst: [[[{ name: FILE, size: 59_721_011 }]]],
  otherBytes: [[FILE]],
  setAside: [[FILE, PATH]],
  inUse: [[FILE, [`process 4711 (${HOSTILE})`, 'process 4712 (whisper-server)']]],
  emptyListKept: [[]],
  otherModel: [
    [FILE, 'it is a page', PATH, true],
    [FILE, 'it is a page', PATH, false],
  ],
  linkLeftAlone: [[PATH]],
  ownLeftAlone: [[PATH, FILE]],
  notAdopted: [[FILE, PATH, 'it has another hash']],
  noneActive: [[]],
  nothingToUndo: [[]],
  nothingToPrune: [[]],
  notInOrder: [[]],
  silentDisk: [[HOSTILE]],
  watchesUsedUp: [['ENOSPC'], ['EMFILE']],
};

export const HOLDS: Examples<typeof holds> = {
  noText: [
    [PATH, 'absent'],
    [PATH, 'dangling'],
    [PATH, 'empty'],
    [PATH, 'folder'],
    [PATH, 'no-file'],
    [PATH, 'unreadable'],
  ],
  stillOpen: [[PATH]],
  savedAgain: [[PATH]],
  unreadList: [[TROUBLE], [LASTING]],
  gitAtWork: [['rebasing', PATH]],
  otherModelsDir: [[PATH]],
  lockTaken: [[TROUBLE]],
};
