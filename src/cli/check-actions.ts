import { check } from '../commands/check.ts';
import { doctor } from '../commands/doctor.ts';
import { EXIT, WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';
import type { Action } from './outcome.ts';
import { renderCheck, renderDoctor } from './render-check.ts';
import { commonOptions } from './settings.ts';

export const checkAction: Action = async (context, { options }, style) => {
  const settings = { ...commonOptions(options), fix: options.fix === true };
  try {
    const { fixed, ...result } = await check(context, settings);
    const { diagnostics, drift } = result;
    const isClean = diagnostics.length === 0 && drift.missing.length === 0 && drift.extra.length === 0;
    return {
      json: settings.fix ? { ...result, fixed } : result,
      text: renderCheck({ fixed, ...result }, style, options.quiet === true),
      exitCode: isClean ? EXIT.done : EXIT.drift,
    };
  } catch (error) {
    // Editors and CI read diagnostics on standard output, also of a file that cannot be read.
    const place = error instanceof WhisperError ? error.place : undefined;
    if (error instanceof WhisperError && place && options.json !== true) {
      const { file, line, column } = place;
      context.host.stdout.write(`${printable(file)}:${line}:${column}: error: ${printable(error.message)}\n`);
    }
    throw error;
  }
};

export const doctorAction: Action = async (context, { options }, style) => {
  const result = await doctor(context, commonOptions(options));
  const isWell = result.checks.every(({ status }) => status !== 'error');
  return { json: result, text: renderDoctor(result, style), exitCode: isWell ? EXIT.done : EXIT.registry };
};
