import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleModel } from '../support/models.ts';
import { needsMounts } from '../support/needs.ts';
import { sendFile, sendStatus, type Handler } from '../support/servers/web-server.ts';
import { arrived, CONTENT, DOWNLOAD, HASH, OWN, PART, refused, webProject } from '../support/web-project.ts';

// Servers that send more than there is room for.

const MIB = 1024 * 1024;

/** A body in chunks that begins like a model and never ends. */
const endless: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
  };
  response.on('drain', more);
  response.write(CONTENT);
  more();
};

test('a body without an end is exit 6 when the disk is full, and leaves nothing there', needsMounts(), async (t) => {
  const project = await webProject(t, { pins: HASH, handler: endless });
  project.scratch.mountMemory('models', '4m');
  refused(project, await project.run(DOWNLOAD), 6, 'no-space');
  for (const path of [PART, `${PART}.json`]) assert.equal(project.scratch.exists(path), false, path);
  project.web.handler = sendFile(CONTENT, { hasRanges: false, framing: 'chunks' });
  arrived(project, await project.run(DOWNLOAD));
});

test('a size that does not fit is exit 6 before the file is fetched', needsMounts(), async (t) => {
  const large = sampleModel(OWN, 5 * MIB);
  for (const hasRanges of [true, false]) {
    const project = await webProject(t, { pins: HASH, handler: sendFile(large.content, { hasRanges }) });
    project.scratch.mountMemory('models', '4m');
    const { message } = refused(project, await project.run(DOWNLOAD), 6, 'no-space');
    assert.match(message, /Not enough space in .*\/models: needs 5\.2 MB, .* free; nothing was downloaded/);
    assert.equal(project.web.requests.length, 1);
    assert.equal(project.scratch.exists(PART), false);
  }
});

test('a size that no disk has is exit 6, and none of it is allocated', async (t) => {
  for (const length of [2 ** 50, Number.MAX_SAFE_INTEGER]) {
    const handler = sendStatus(206, 'l', { 'content-range': `bytes 0-0/${length}`, 'content-length': '1' });
    const project = await webProject(t, { pins: HASH, handler });
    refused(project, await project.run(DOWNLOAD), 6, 'no-space');
    assert.equal(project.scratch.exists(PART), false);
  }
});
