import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Question, refuseQuestion, sourceOf } from '../../../src/core/evaluation/question.ts';

const TEXT = '{\n  activeModels = f 1;\n}';
const LIST = { text: TEXT, path: ['activeModels'], isBody: false };
const DIR = { text: '# é\n{ modelsDir = "/srv"; }', path: ['modelsDir'], isBody: false };
const file = '/p/nix/x.nix';

/** The lines of an expression from where a text begins, by its offset. */
function linesFrom(expression: string, offset: number | undefined, text: string): string {
  return expression
    .split('\n')
    .slice(offset, (offset ?? 0) + text.split('\n').length)
    .join('\n');
}

test('each text is in the expression unchanged, on its own lines', () => {
  const { expression, offsets } = sourceOf({ file, list: LIST, modelsDir: DIR }, { HOME: '/home/u\nv' });
  assert.equal(offsets.length, 2);
  assert.equal(linesFrom(expression, offsets[0], LIST.text), LIST.text);
  assert.equal(linesFrom(expression, offsets[1], DIR.text), DIR.text);
});

test('the expression has only the requested values', () => {
  const list = sourceOf({ file, list: LIST, modelsDir: undefined }, { TOKEN: 'secret' });
  assert.equal(list.offsets.length, 1);
  assert.doesNotMatch(list.expression, /modelsDir|secret/, 'a list has no use for the environment');
  const dir = sourceOf({ file, list: undefined, modelsDir: DIR }, {});
  assert.equal(linesFrom(dir.expression, dir.offsets[0], DIR.text), DIR.text);
  assert.doesNotMatch(dir.expression, /activeModels/);
  const variables = { HOME: '/h', HF_TOKEN: 'secret', NOT_HOME_TOKEN: 'secret', HOMES: 'secret' };
  const asked = sourceOf({ file, list: LIST, modelsDir: DIR }, variables).expression;
  assert.match(asked, /"HOME" = "\/h";/);
  assert.doesNotMatch(asked, /secret/, 'a variable that locates no folder is not handed over');
});

test('variables, folders and names are quoted', () => {
  const odd = 'a"b\\c${d}$${e}\r\n';
  const literal = '"a\\"b\\\\c\\${d}$\\${e}\\r\\n"';
  const list = { ...LIST, path: [odd] };
  const environment = { [`${odd}_HOME`]: odd, UNSET_HOME: undefined };
  const { expression } = sourceOf({ file, list, modelsDir: DIR }, environment, odd);
  assert.ok(expression.includes(`${literal.replace(/"$/, '_HOME"')} = ${literal};`), expression);
  assert.ok(expression.includes(`[ ${literal} ]`));
  assert.equal(expression.split(odd).length, 1, 'nowhere as it is');
  assert.doesNotMatch(expression, /UNSET/);
});

test('a file that Nix reads itself is given by path, without an offset', () => {
  const whole = { ...LIST, text: undefined };
  const { expression, offsets } = sourceOf({ file: '/p/"x".nix', list: whole, modelsDir: undefined }, {}, '/p');
  assert.deepEqual(offsets, []);
  assert.ok(expression.endsWith('(sandbox: sandbox.import (/. + "/p/\\"x\\".nix"))'), expression);
});

const refused: readonly [text: string, name: string, line: number, column: number][] = [
  ['{ a = __curPos.line; }', '__curPos', 1, 7],
  ['{\n  e = 1;\n  a = "é${__curPos.file}"; }', '__curPos', 3, 12],
  ['{ a = ~/models; }', '~/models', 1, 7],
  ['{\n a = [ 1 ~/x ]; }', '~/x', 2, 10],
  ['{ a = "${~/x/y}"; }', '~/x/y', 1, 10],
];
for (const [text, name, line, column] of refused) {
  test(`${JSON.stringify(text)} is not evaluated`, () => {
    const question: Question = { file, list: { ...LIST, text }, modelsDir: undefined };
    const refusal = refuseQuestion(question);
    assert.ok(refusal?.message.includes(name), refusal?.message);
    assert.deepEqual(refusal?.position, { file: undefined, line, column });
    assert.equal(refusal?.isInModelsDir, false);
    const inDir = refuseQuestion({ file, list: LIST, modelsDir: { ...DIR, text } });
    assert.equal(inDir?.isInModelsDir, true);
  });
}

for (const text of [
  '{ modelsDir = "~/models"; }',
  "{ a = ''\n  __curPos ~/x\n''; }",
  '# __curPos ~/x\n{ }',
  '/* ~/x */ { a.__curPos = 1; b = __cur.__curPos; }',
]) {
  test(`${JSON.stringify(text)} may be evaluated`, () => {
    assert.equal(refuseQuestion({ file, list: { ...LIST, text }, modelsDir: undefined }), undefined);
  });
}
