import { check } from '../commands/check.ts';
import { doctor } from '../commands/doctor.ts';
import { ownRegistry, type CommonOptions, type Context } from '../commands/session/session.ts';
import { EXIT, WhisperError } from '../core/errors.ts';
import { printable } from '../core/catalogue/names.ts';
import type { Action } from './outcome.ts';
import { columnsOf, displayFor } from '../adapters/terminal/display.ts';
import { fixedText, renderCheck } from './render/check.ts';
import { renderDoctor } from './render/doctor.ts';
import { renderAdvice } from '../adapters/terminal/error.ts';
import { commonOptions } from '../commands/option-values.ts';
import { styleFor } from '../adapters/terminal/style.ts';

export const checkAction: Action = async (context, { options }, style) => {
  const settings = { ...commonOptions(options), fix: options.fix === true };
  try {
    const result = await check(context, settings);
    const { diagnostics, drift, fixed } = result;
    const { arrow } = displayFor(context.host, style).glyphs;
    for (const finding of fixed) context.reporter.notice(fixedText(finding, arrow));
    const isClean = diagnostics.length === 0 && drift.missing.length === 0 && drift.extra.length === 0;
    return {
      json: { diagnostics, drift },
      text: renderCheck(result, displayFor(context.host, style), options.quiet === true),
      exitCode: isClean ? EXIT.done : EXIT.drift,
    };
  } catch (error) {
    if (!(error instanceof WhisperError) || error.exitCode !== EXIT.registry || options.json === true) throw error;
    const { file, line, column } = error.place ?? beginning(context, settings, error);
    if (file === undefined) throw error;
    // Editors and CI read diagnostics on standard output, also of a file that cannot be read. What is said there is not repeated.
    const { stdout, stderr, environment } = context.host;
    stdout.write(`${printable(file)}:${line}:${column}: error: ${printable(error.message)}\n`);
    const forErrors = styleFor(stderr, environment, options['no-color'] === true);
    stderr.write(renderAdvice(error, forErrors, columnsOf(stderr)));
    return { exitCode: error.exitCode };
  }
};

/** Where to point at if an error is about the registry, or its lock file, as a whole. */
function beginning(
  context: Context,
  options: CommonOptions,
  { code, details }: WhisperError,
): { file: string | undefined; line: number; column: number } {
  if (code === 'bad-lock-file') return { file: String(details['file']), line: 1, column: 1 };
  try {
    return { file: ownRegistry(context, options).read.file, line: 1, column: 1 };
  } catch (error) {
    if (error instanceof WhisperError) return { file: undefined, line: 1, column: 1 };
    throw error;
  }
}

export const doctorAction: Action = async (context, { options }, style) => {
  const result = await doctor(context, commonOptions(options));
  const isWell = result.checks.every(({ status }) => status !== 'error');
  return {
    json: { checks: result.checks },
    text: renderDoctor(result, displayFor(context.host, style)),
    exitCode: isWell ? EXIT.done : EXIT.registry,
  };
};
