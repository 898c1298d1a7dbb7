import type { Display } from '../../adapters/terminal/display.ts';
import type { Format } from '../../adapters/terminal/style.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { placeText } from '../../core/errors.ts';
import type { Diagnostic, Finding } from '../../core/registry/lint.ts';
import { planLines } from '../plan/text.ts';
import type { CheckResult } from './check.ts';

/** Diagnostics one a line, as compilers write them, and the drift in words. */
export function renderCheck(
  { diagnostics, drift: { missing, extra }, plan }: CheckResult,
  display: Display,
  quiet: boolean,
): string {
  const { style, glyphs } = display;
  const named = (names: readonly string[]): string => names.map((name) => printable(shortName(name))).join(', ');
  const lines = diagnostics.map((diagnostic) => diagnosticLine(diagnostic, display));
  // sync refuses a list with a wrong name.
  const isFetchable = diagnostics.every(({ severity }) => severity !== 'error');
  const sync = isFetchable ? ` (${style('cyan', 'whisper sync')} downloads)` : '';
  const summary = [
    ...(missing.length > 0 ? [`${style('yellow', 'missing:')} ${named(missing)}${sync}`] : []),
    ...(extra.length > 0
      ? [
          `${style('red', 'extra:')} ${named(extra)} (${style('cyan', 'whisper prune')} ${plan.refusal ? 'is refused' : 'removes'})`,
        ]
      : []),
  ];
  // With a wrong name in the list nothing would be done.
  if (isFetchable) summary.push(...planLines(plan, display));
  if (lines.length + summary.length === 0)
    summary.push(`${style('green', glyphs.ok)} The list is valid, and the folder matches it`);
  return [...lines, ...(quiet ? [] : summary)].map((each) => `${each}\n`).join('');
}

/** The correction of a finding: `fixed on line 11: X → Y`. */
export function fixedText({ entry: { name, line }, fix }: Finding, arrow: string): string {
  const where = line === null ? '' : ` on line ${line}`;
  return fix?.kind === 'rename'
    ? `fixed${where}: ${printable(name)} ${arrow} ${fix.to}`
    : `fixed${where}: removed the duplicate ${printable(name)}`;
}

const COLOURS: Readonly<Record<Diagnostic['severity'], Format>> = { error: 'red', warning: 'yellow' };

/** `FILE:LINE:COLUMN: severity: message`, which editors and CI read. */
export function diagnosticLine(
  { severity, message, ...place }: Pick<Diagnostic, 'file' | 'line' | 'column' | 'severity' | 'message'>,
  { style }: Display,
): string {
  return `${style('bold', `${printable(placeText(place))}:`)} ${style(COLOURS[severity], `${severity}:`)} ${printable(message)}`;
}
