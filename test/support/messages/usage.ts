import { WhisperError } from '../../../src/core/errors.ts';
import type * as busy from '../../../src/core/messages/busy.ts';
import type * as environment from '../../../src/core/messages/environment.ts';
import type * as usage from '../../../src/core/messages/usage.ts';
import { CAUSE, type Examples, HOSTILE, PATH } from './examples.ts';

const HELD = new WhisperError('busy', 'Process 1', 'Wait', { details: { pid: 4711, host: HOSTILE } });
const FAILED = new WhisperError('file-unreadable', '/tape is not there', 'Check the path', {
  details: { path: '/tape' },
});

export const USAGE: Examples<typeof usage> = {
  missingCommand: [[]],
  unknownCommand: [
    [HOSTILE, undefined],
    ['lst', 'whisper list'],
  ],
  missingOperand: [['path', 'MODEL']],
  unexpectedOperand: [['list', HOSTILE]],
  helpTakesOneCommand: [[]],
  unknownOption: [
    [`--${HOSTILE}`, undefined, undefined],
    ['--waite', 'prune', 'wait'],
    ['--what', 'prune', undefined],
  ],
  invalidOption: [
    [`Option '--${HOSTILE}' argument missing`, 'list'],
    ["Option '--file <value>' argument missing", undefined],
  ],
  wrongOptionValue: [
    ['file', 'REGISTRY', 'list'],
    ['json', undefined, undefined],
  ],
  emptyOption: [['file']],
  invalidOptionValue: [
    ['wait', HOSTILE],
    ['undo', 'soon'],
    ['limit-rate', 'fast'],
    ['connections', '99'],
    ['attr', 'a b'],
  ],
  exitCodeWithoutDryRun: [[]],
  noModelChosen: [[]],
  selectionCancelled: [[]],
  notInMenu: [['4711', 46]],
  unknownShell: [[HOSTILE, ['bash', 'zsh', 'fish']]],
};

export const ENVIRONMENT: Examples<typeof environment> = {
  unknownLogLevel: [[HOSTILE, ['debug', 'info']]],
  invalidAttrVariable: [[HOSTILE]],
  withAttrVariable: [[HELD, '.#lib.activeModels']],
  invalidHubUrl: [[HOSTILE, 'https://huggingface.co']],
  invalidProxyUrl: [['HTTPS_PROXY']],
  emptyCacheUrl: [[]],
  pathNotAcceptedByNix: [[' ', `file://${PATH}`]],
  unsupportedCompression: [['s3://models', HOSTILE]],
  invalidCatalogue: [[PATH, 'models[3].size is not a number of bytes']],
  unreadableCatalogue: [[PATH, 'ENOENT', CAUSE]],
  unknownHook: [
    [HOSTILE, ['vim', 'emacs'], undefined],
    ['vi', ['vim', 'emacs'], 'vim'],
  ],
  installNotSupported: [['vim']],
  notARepository: [[PATH]],
  sharedHook: [[PATH, 'git']],
  hookRefused: [[PATH, `it is a ${HOSTILE}`, 'pre-commit']],
};

export const BUSY: Examples<typeof busy> = {
  modelsDirBusy: [
    ['/models/.whisper/lock', { pid: 4711, host: HOSTILE }, undefined],
    ['/models/.whisper/lock', undefined, '/models/.whisper/lock.held-0'],
  ],
  savedDuringEdit: [[PATH]],
  openInAnotherProgram: [[PATH]],
  anotherEditRunning: [
    [PATH, FAILED],
    [PATH, HELD],
  ],
  interruptedEditOfAnotherUser: [[PATH]],
  savedDuringEvaluation: [[PATH]],
  modelsDirReplaced: [[PATH, '/srv/models']],
  interrupted: [[]],
  terminated: [[]],
};
