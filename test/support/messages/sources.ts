import type * as addresses from '../../../src/core/messages/addresses.ts';
import type * as sources from '../../../src/core/messages/sources.ts';
import { type Examples, HOSTILE, PLACE } from './examples.ts';

const ADDRESS = 'https://models.example/a/model.bin';

export const ADDRESSES: Examples<typeof addresses> = {
  invalidAddress: [[HOSTILE]],
  addressIsPage: [['https://huggingface.co/a/b/tree/main']],
  addressWithCredentials: [['models.example']],
  nameNeeded: [
    [ADDRESS, 'my-model'],
    [ADDRESS, 'my-model', HOSTILE],
  ],
  nameWithoutAddress: [[]],
  nameTaken: [['ggml-x.bin', 'modelSources']],
  twoAddressesForName: [['ggml-x.bin']],
  offlineAddress: [[ADDRESS]],
};

export const SOURCES: Examples<typeof sources> = {
  invalidSourceName: [
    [HOSTILE, PLACE],
    ['../x', undefined],
  ],
  repeatedSource: [['ggml-x.bin', 'x', PLACE]],
  sourceNotASet: [[HOSTILE, 'a list', PLACE]],
  sourcesNotASet: [['a list', PLACE]],
  sourcesNeedNix: [['because `f` is called', PLACE]],
  unevaluatedSources: [['because `f` is called', 'infinite recursion', PLACE]],
  invalidSourceType: [['ggml-x.bin', 'url', 'a number', PLACE]],
  sourceWithoutUrl: [[HOSTILE, PLACE]],
  invalidSourceUrl: [[HOSTILE, PLACE]],
  credentialsInSource: [[HOSTILE, PLACE]],
  sourceWithoutHash: [[HOSTILE, PLACE]],
  invalidSourceHash: [[HOSTILE, PLACE]],
  differentSourceHashes: [[HOSTILE, PLACE]],
  sourceContradicts: [
    ['ggml-x.bin', { field: 'size', here: '1', there: '2' }, 'the built-in catalogue', 'catalogue', PLACE],
    [HOSTILE, { field: 'size', here: '1', there: '2' }, 'the lock file (/a/b:1:2)', 'lock file', PLACE],
  ],
  invalidSourceSize: [[HOSTILE, PLACE]],
};
