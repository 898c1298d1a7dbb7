import { columnsOf, type Display } from '../../adapters/terminal/display.ts';
import { renderAdvice } from '../../adapters/terminal/error.ts';
import { styleFor, type Format } from '../../adapters/terminal/style.ts';
import { EXIT, type Place, WhisperError, placeText } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { ownRegistry } from '../session/session.ts';
import { check, type CheckResult } from './check.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { sourceCompleted } from '../../core/messages/notices.ts';
import type { Diagnostic, Finding } from '../../core/registry/lint.ts';
import { planLines } from '../plan/text.ts';

export const run: Run = async (context, { options }) => {
  const settings = { ...commonOptions(options), fix: options.fix === true };
  try {
    const result = await check(context, settings);
    const { diagnostics, drift, fixed, completed } = result;
    for (const finding of fixed) context.reporter.notice(fixedText(finding, context.display.glyphs.arrow));
    for (const name of completed) context.reporter.notice(sourceCompleted(name));
    const isClean = diagnostics.length === 0 && drift.missing.length === 0 && drift.extra.length === 0;
    return {
      json: { diagnostics, drift },
      text: renderCheck(result, context.display, options.quiet === true),
      exitCode: isClean ? EXIT.done : EXIT.drift,
    };
  } catch (error) {
    if (!(error instanceof WhisperError) || error.exitCode !== EXIT.registry || options.json === true) throw error;
    const place = error.place ?? beginning(context, settings, error);
    if (!place) throw error;
    // Editors and CI read diagnostics on standard output, also of a file that cannot be read. Standard error does not repeat them.
    const { stdout, stderr, environment } = context.host;
    stdout.write(`${diagnosticLine({ ...place, severity: 'error', message: error.message }, context.display)}\n`);
    const forErrors = styleFor(stderr, environment, options['no-color'] === true);
    stderr.write(renderAdvice(error, forErrors, columnsOf(stderr)));
    return { exitCode: error.exitCode };
  }
};

function beginning(
  context: Context,
  options: CommonOptions,
  { code, details }: WhisperError,
): Pick<Place, 'file' | 'line' | 'column'> | undefined {
  if (code === 'bad-lock-file') return { file: String(details['file']), line: 1, column: 1 };
  try {
    return { file: ownRegistry(context, options).read.file, line: 1, column: 1 };
  } catch (error) {
    if (error instanceof WhisperError) return undefined;
    throw error;
  }
}

function renderCheck(
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
function fixedText({ entry: { value, line }, fix }: Finding, arrow: string): string {
  const where = line === null ? '' : ` on line ${line}`;
  return fix?.kind === 'rename'
    ? `fixed${where}: ${printable(value)} ${arrow} ${fix.to}`
    : `fixed${where}: removed the duplicate ${printable(value)}`;
}

const COLOURS: Readonly<Record<Diagnostic['severity'], Format>> = { error: 'red', warning: 'yellow' };

/** `FILE:LINE:COLUMN: severity: message`, which editors and CI read. */
function diagnosticLine(
  { severity, message, ...place }: Pick<Diagnostic, 'file' | 'line' | 'column' | 'severity' | 'message'>,
  { style }: Display,
): string {
  return `${style('bold', `${printable(placeText(place))}:`)} ${style(COLOURS[severity], `${severity}:`)} ${printable(message)}`;
}
