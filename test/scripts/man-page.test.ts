import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { manPage } from '../../scripts/man-page/page.ts';
import { plain } from '../../scripts/man-page/roff.ts';
import { VARIABLES } from '../../src/cli/args/reference.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { OPTIONS, type OptionSpec } from '../../src/commands/options.ts';
import { EXIT } from '../../src/core/errors.ts';
import { needsPrograms } from '../support/needs.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const { version, bin, man } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly [string];
};
const built = readFileSync(resolve(ROOT, man[0]), 'utf8');
const needsGroff = needsPrograms('groff');

/** The page as a terminal shows it, without bold and underlines; every warning is an error. */
function rendered(page: string): string {
  const { status, stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-rLL=300n', '-P-cbou'], {
    input: page,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

/** The sections in their order, each as its entries: a term and what it means. */
function sections(text: string): ReadonlyMap<string, readonly string[]> {
  const parts = text.split(/^(?=[A-Z][A-Z ]+\n)/m).slice(1);
  return new Map(
    parts.map((part) => {
      const [name = '', ...lines] = part.split('\n');
      const entries = lines.join('\n').split('\n\n');
      return [name, entries.map((entry) => entry.replace(/^ {3}\S.*\n/, '').trim())];
    }),
  );
}

/** The entry of a term, which stands before it on a line of its own or, if it is short, on the same. */
function entryOf(text: string, section: string, term: string): string {
  const found = sections(text)
    .get(section)
    ?.filter((entry) => /^\s/.test(entry.slice(term.length)) && entry.startsWith(term));
  assert.equal(found?.length, 1, `${section}: ${term}`);
  return found[0] ?? '';
}

test('the page of the build is the one of the tables', () => {
  const [, date = ''] = /^\.TH WHISPER 1 (\d{4}-\d\d-\d\d) /.exec(built) ?? [];
  assert.equal(built, manPage({ version, date, programs: Object.keys(bin) }));
});

test('each character stands for itself', needsGroff, () => {
  const hostile = String.raw`'a \fB -- "b" ~/x ^ ${'`'} é € \n .B`;
  const page = ['.TH X 1 2000-01-01', '.SH NAME', plain('x - y'), '.SH D', plain(hostile), '.br', plain('.SH no')];
  const text = rendered(`${page.join('\n')}\n`);
  assert.ok(text.includes(hostile), text);
  assert.match(text, /^ +\.SH no$/m);
  assert.match(plain(`${hostile}…`), /^[\x20-\x7e]+$/);
});

test('the page has its sections in their order, in ASCII', needsGroff, () => {
  assert.match(built, /^[\n\x20-\x7e]+$/);
  assert.deepEqual(
    [...sections(rendered(built)).keys()],
    'NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS EXIT_STATUS ENVIRONMENT FILES EXAMPLES SEE_ALSO'
      .split(' ')
      .map((name) => name.replace('_', ' ')),
  );
});

test('COMMANDS has every command with its operands, summary and options', needsGroff, () => {
  const text = rendered(built);
  for (const { name, operands, summary, options } of COMMANDS) {
    const entry = entryOf(text, 'COMMANDS', `${name} ${operands?.label ?? ''}`.trim().replace('…', '...'));
    assert.ok(entry.toLowerCase().includes(`${summary.toLowerCase().replace('…', '...')}.`), entry);
    const shown = [...entry.matchAll(/\[--([a-z-]+)/g)].map(([, option]) => option);
    assert.deepEqual(shown, options);
  }
});

test('OPTIONS has every option, with what it does in each command', needsGroff, () => {
  const text = rendered(built);
  for (const [name, { short, value, help }] of Object.entries<OptionSpec>(OPTIONS)) {
    const flag = `--${name}${value === undefined ? '' : ` ${value}`}`;
    const entry = entryOf(text, 'OPTIONS', short === undefined ? flag : `-${short}, ${flag}`);
    if (name !== 'force') assert.ok(entry.toLowerCase().includes(help.toLowerCase()), entry);
    for (const { name: command, options } of COMMANDS) {
      const isTaken = options.some((each) => each === name);
      assert.equal(new RegExp(String.raw`\(.*\b${command}\b.*\)$`, 'm').test(entry), isTaken, `${command} --${name}`);
    }
  }
  assert.match(
    entryOf(text, 'OPTIONS', '--force'),
    /\n +Replace existing files\. \(download\)\n +Also remove models in use\. \(prune\)$/,
  );
});

test('exit codes, variables and examples are all there', needsGroff, () => {
  const text = rendered(built);
  for (const code of Object.values(EXIT)) entryOf(text, 'EXIT STATUS', String(code));
  for (const { name, help } of VARIABLES) {
    assert.ok(entryOf(text, 'ENVIRONMENT', name).toLowerCase().includes(help.toLowerCase()), name);
  }
  for (const { line, says } of COMMANDS.flatMap(({ examples = [] }) => examples)) {
    const entry = sections(text)
      .get('EXAMPLES')
      ?.find((each) => each.split('\n')[0] === line);
    assert.ok(entry?.toLowerCase().includes(says.toLowerCase()), line);
  }
});
