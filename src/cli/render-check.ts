import type { CheckResult } from '../commands/check.ts';
import type { DoctorResult, Examined } from '../commands/doctor.ts';
import { printable, shortName } from '../core/models/name.ts';
import type { Plan } from '../core/models/plan.ts';
import type { Diagnostic, Finding } from '../core/registry/lint.ts';
import { planLines } from './render-plan.ts';
import { count, type Style } from './style.ts';

type Drift = CheckResult['drift'];

/** Diagnostics one a line, as compilers write them, and the drift in words. */
export function renderCheck(
  diagnostics: readonly Diagnostic[],
  { missing, extra }: Drift,
  plan: Plan,
  quiet: boolean,
): string {
  const named = (names: readonly string[]): string => names.map((name) => printable(shortName(name))).join(', ');
  const lines = diagnostics.map((diagnostic) => line(diagnostic));
  // A name that is wrong has to be mended first.
  const isFetchable = diagnostics.every(({ severity }) => severity !== 'error');
  const talk = [
    ...(missing.length > 0 ? [`missing: ${named(missing)}${isFetchable ? ' (whisper sync fetches)' : ''}`] : []),
    ...(extra.length > 0 ? [`extra: ${named(extra)} (whisper prune removes)`] : []),
  ];
  // With a wrong name in the list nothing would be done.
  if (isFetchable) talk.push(...planLines(plan));
  if (lines.length + talk.length === 0) talk.push('The list is in order, and the folder is equal to it.');
  return [...lines, ...(quiet ? [] : talk)].map((each) => `${each}\n`).join('');
}

/** What was done about a finding. */
export function mended({ entry: { name, line: row }, fix }: Finding): string {
  const where = row === null ? '' : ` on line ${row}`;
  return fix?.kind === 'rename' ? `mended${where}: "${name}" is "${fix.to}" now` : `mended${where}: took out "${name}"`;
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
export function renderDoctor({ checks, plan }: DoctorResult, style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, message, hint }) => {
    const [mark, colour] = MARKS[status];
    const first = `${style(colour, mark)} ${name.padEnd(width)}  ${printable(message)}`;
    return hint === null ? [first] : [first, `  ${' '.repeat(width)}  ${printable(hint)}`];
  });
  const errors = checks.filter(({ status }) => status === 'error').length;
  const verdict = errors > 0 ? style('red', `${count(errors, 'thing')} to mend`) : 'Nothing is in the way.';
  return [...lines, ...(plan ? planLines(plan) : []), verdict, ''].join('\n');
}
