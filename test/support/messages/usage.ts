import type * as busy from '../../../src/core/messages/busy.ts';
import type * as environment from '../../../src/core/messages/environment.ts';
import type * as files from '../../../src/core/messages/files.ts';
import type * as hooks from '../../../src/core/messages/hooks.ts';
import type * as usage from '../../../src/core/messages/usage.ts';
import { WhisperError } from '../../../src/core/errors.ts';
import { CAUSE, HOSTILE, PATH, type Examples } from './examples.ts';

const HELD = new WhisperError('busy', 'Process 1', 'Wait.', { details: { pid: 4711, host: HOSTILE } });
const FAILED = new WhisperError('file-unreadable', '/tape is not there', 'Check the path.', {
  details: { path: '/tape' },
});

export const USAGE: Examples<typeof usage> = {
  noCommand: [[]],
  unknownCommand: [
    [HOSTILE, undefined],
    ['lst', 'whisper list'],
  ],
  missingOperand: [['path', 'MODEL']],
  needlessOperand: [['list', HOSTILE]],
  helpOfSeveral: [[]],
  unknownOption: [
    [`--${HOSTILE}`, undefined, undefined],
    ['--waite', 'prune', 'wait'],
    ['--what', 'prune', undefined],
  ],
  optionMisused: [
    [`Option '--${HOSTILE}' argument missing`, 'list'],
    ["Option '--file <value>' argument missing", undefined],
  ],
  wrongValue: [
    ['file', 'REGISTRY', 'list'],
    ['json', undefined, undefined],
  ],
  emptyOption: [['file']],
  badOption: [
    ['wait', HOSTILE],
    ['undo', 'soon'],
    ['limit-rate', 'fast'],
    ['connections', '99'],
    ['attr', 'a b'],
  ],
  exitCodeAlone: [[]],
  noModelChosen: [[]],
  givenUp: [[]],
  notInMenu: [['4711', 46]],
  unknownShell: [[HOSTILE, ['bash', 'zsh', 'fish']]],
};

export const ENVIRONMENT: Examples<typeof environment> = {
  unknownLogLevel: [[HOSTILE, ['debug', 'info']]],
  noHubAddress: [[HOSTILE, 'https://huggingface.co']],
  noProxyAddress: [['HTTPS_PROXY']],
  noCacheAddress: [[]],
  folderNotForNix: [[' ', `file://${PATH}`]],
  unknownCompression: [['s3://models', HOSTILE]],
  badCatalogue: [[PATH, 'models[3].size is not a number of bytes']],
  unreadableCatalogue: [[PATH, 'ENOENT', CAUSE]],
};

export const HOOKS: Examples<typeof hooks> = {
  unknownHook: [
    [HOSTILE, ['vim', 'emacs'], undefined],
    ['vi', ['vim', 'emacs'], 'vim'],
  ],
  hookOfPerson: [['vim']],
  noRepository: [[PATH]],
  sharedHook: [[PATH, 'git']],
  hookRefused: [[PATH, `it is a ${HOSTILE}`, 'pre-commit']],
};

export const BUSY: Examples<typeof busy> = {
  busy: [
    ['/models/.whisper/lock', { pid: 4711, host: HOSTILE }],
    ['/models/.whisper/lock', undefined],
  ],
  savedMeanwhile: [[PATH]],
  heldOpen: [[PATH]],
  editedElsewhere: [
    [PATH, FAILED],
    [PATH, HELD],
  ],
  editCutOff: [[PATH]],
  savedWhileEvaluated: [[PATH]],
  interrupted: [[]],
  terminated: [[]],
};

export const FILES: Examples<typeof files> = {
  unreadableFile: [
    [PATH, 'ENOENT', CAUSE],
    ['/tape', 'EACCES', CAUSE],
    ['/tape', 'EIO', CAUSE],
  ],
  noRegularFile: [
    [PATH, true],
    ['/tape', false],
  ],
  unreadableFiles: [
    [FAILED, [], []],
    [FAILED, [FAILED], [{ path: '/models/ggml-tiny.bin' }]],
  ],
};
