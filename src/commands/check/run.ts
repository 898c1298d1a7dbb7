import { columnsOf } from '../../adapters/terminal/display.ts';
import { renderAdvice } from '../../adapters/terminal/error.ts';
import { styleFor } from '../../adapters/terminal/style.ts';
import { EXIT, type Place, WhisperError } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { ownRegistry } from '../session/session.ts';
import { check } from './check.ts';
import { diagnosticLine, fixedText, renderCheck } from './text.ts';

export const run: Run = async (context, { options }) => {
  const settings = { ...commonOptions(options), fix: options.fix === true };
  try {
    const result = await check(context, settings);
    const { diagnostics, drift, fixed } = result;
    for (const finding of fixed) context.reporter.notice(fixedText(finding, context.display.glyphs.arrow));
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
