import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer, parseAnswers, type Answer } from '../../../src/core/evaluation/answer.ts';

const rows: readonly [json: string, answer: Answer][] = [
  ['{"strings":[]}', { kind: 'strings', strings: [] }],
  ['{"strings":["a","b","a"]}', { kind: 'strings', strings: ['a', 'b', 'a'] }],
  ['{"strings":["a",{"type":"int"}]}', { kind: 'mixed', wrong: 'a number', index: 2 }],
  ['{"strings":[{"type":"path"},{"type":"set"}]}', { kind: 'mixed', wrong: 'a path', index: 1 }],
  ['{"strings":[{"type":"thing"}]}', { kind: 'mixed', wrong: 'a thing', index: 1 }],
  ['{"string":""}', { kind: 'string', string: '' }],
  ['{"string":"/srv"}', { kind: 'string', string: '/srv' }],
  ['{"missing":true}', { kind: 'missing' }],
  ['{"type":"lambda"}', { kind: 'other', type: 'a function' }],
  ['{"type":"null"}', { kind: 'other', type: 'null' }],
  ['{"type":"bool"}', { kind: 'other', type: 'true or false' }],
  ['{"type":"thing"}', { kind: 'other', type: 'a thing' }],
];
for (const [json, answer] of rows) {
  test(`the answer ${json}`, () => {
    assert.deepEqual(parseAnswers(`{"list":${json}}`), { list: answer, modelsDir: undefined });
    assert.deepEqual(parseAnswers(`{"modelsDir":${json}}`), { list: undefined, modelsDir: answer });
  });
}

test('an unrequested value is ignored', () => {
  assert.deepEqual(parseAnswers('{}'), { list: undefined, modelsDir: undefined });
});

for (const json of [
  '',
  'hello',
  '{"list":',
  '{"list":5}',
  '{"list":["a"]}',
  '{"list":{"strings":"a"}}',
  '{"list":{}}',
]) {
  test(`${JSON.stringify(json)} is not an answer`, () => {
    assert.throws(() => parseAnswers(json), SyntaxError);
  });
}

test('one answer is read', () => {
  for (const [json, answer] of rows) assert.deepEqual(parseAnswer(json), answer);
  for (const json of ['', 'hello', '["a","b"]', '"a"', 'null', '{}']) {
    assert.throws(() => parseAnswer(json), SyntaxError, json);
  }
});
