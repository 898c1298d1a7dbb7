import type { CheckResult } from '../commands/check.ts';
import type { DoctorResult, Examined } from '../commands/doctor.ts';
import { printable, shortName } from '../core/models/name.ts';
import type { Diagnostic } from '../core/registry/lint.ts';
import { count, type Style } from './style.ts';

/** Diagnostics one a line, as compilers write them, and the drift in words. */
export function renderCheck({ diagnostics, drift, fixed }: CheckResult, style: Style, quiet: boolean): string {
  const named = (names: readonly string[]): string => names.map((name) => printable(shortName(name))).join(', ');
  const lines = diagnostics.map((diagnostic) => line(diagnostic));
  const talk = [
    ...fixed.map(({ message }) => style('green', `mended: ${printable(message)}`)),
    ...(drift.missing.length > 0 ? [`missing: ${named(drift.missing)} (whisper sync fetches)`] : []),
    ...(drift.extra.length > 0 ? [`extra: ${named(drift.extra)} (whisper prune removes)`] : []),
  ];
  const isClean = lines.length === 0 && drift.missing.length === 0 && drift.extra.length === 0;
  if (isClean) talk.push('The list is in order, and the folder is equal to it.');
  return [...lines, ...(quiet ? [] : talk)].map((each) => `${each}\n`).join('');
}

function line({ file, line: row, column, severity, message }: Diagnostic): string {
  return `${printable(file)}:${row}:${column}: ${severity}: ${message}`;
}

const MARKS: Readonly<Record<Examined['status'], readonly [string, 'green' | 'yellow' | 'red']>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  error: ['✗', 'red'],
};

/** What was looked at, one a line, each trouble with what mends it. */
export function renderDoctor({ checks }: DoctorResult, style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, message, hint }) => {
    const [mark, colour] = MARKS[status];
    const first = `${style(colour, mark)} ${name.padEnd(width)}  ${printable(message)}`;
    return hint === null ? [first] : [first, `  ${' '.repeat(width)}  ${printable(hint)}`];
  });
  const errors = checks.filter(({ status }) => status === 'error').length;
  const verdict = errors > 0 ? style('red', `${count(errors, 'thing')} to mend`) : 'Nothing is in the way.';
  return [...lines, verdict, ''].join('\n');
}
