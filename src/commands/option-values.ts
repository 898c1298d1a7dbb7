import { EXIT } from '../core/errors.ts';
import { parseFlakeReference } from '../core/evaluation/target.ts';
import { emptyOption, exitCodeWithoutDryRun, invalidOptionValue } from '../core/messages/usage.ts';
import { stepsOf } from '../core/plan/outcome.ts';
import type { Plan } from '../core/plan/plan.ts';
import { isAttr } from '../core/registry/search/attr.ts';
import type { ParsedOptions } from './options.ts';
import type { CommonOptions } from './session/context.ts';

export function commonOptions(options: ParsedOptions): CommonOptions {
  const { file, 'models-dir': modelsDir, attr } = options;
  return {
    ...(typeof file === 'string' && { file: nonEmpty('file', file) }),
    ...(typeof modelsDir === 'string' && { modelsDir: nonEmpty('models-dir', modelsDir) }),
    ...(typeof attr === 'string' && { attr: attrOption(nonEmpty('attr', attr)) }),
    ...(options['no-eval'] === true && { noEval: true }),
    ...(options.literal === true && { literal: true }),
  };
}

function attrOption(given: string): string {
  if (isAttr(given) || parseFlakeReference(given)) return given;
  throw invalidOptionValue('attr', given);
}

const DEFAULT_SECONDS = { wait: 10, undo: 30 };

/** `--wait SECONDS` or `--undo SECONDS` in milliseconds. */
export function secondsOption(options: ParsedOptions, name: keyof typeof DEFAULT_SECONDS): number {
  const given = options[name];
  if (typeof given !== 'string') return DEFAULT_SECONDS[name] * 1000;
  if (/^\d+(\.\d+)?$/.test(given)) return Number(given) * 1000;
  throw invalidOptionValue(name, given);
}

export function forgetRootOption({ 'forget-root': path }: ParsedOptions): string | undefined {
  return typeof path === 'string' ? nonEmpty('forget-root', path) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** `--limit-rate RATE` in bytes a second; K, M and G are powers of 1024, like in curl and wget. */
export function limitRateOption(options: ParsedOptions): { readonly limitRate?: number } {
  const given = options['limit-rate'];
  if (typeof given !== 'string') return {};
  const match = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(given);
  const rate = Number(match?.[1]) * (UNITS[match?.[2]?.toUpperCase() ?? ''] ?? Number.NaN);
  if (rate >= 1) return { limitRate: rate };
  throw invalidOptionValue('limit-rate', given);
}

/** `--connections N`: at most N for all files together. */
export function connectionsOption({ connections }: ParsedOptions): { readonly connections?: number } {
  if (typeof connections !== 'string') return {};
  if (/^([1-9]|1[0-6])$/.test(connections)) return { connections: Number(connections) };
  throw invalidOptionValue('connections', connections);
}

export function transferOptions(
  options: ParsedOptions,
): CommonOptions & { dryRun: boolean; wait: number; limitRate?: number; connections?: number } {
  checkExitCode(options);
  return {
    ...commonOptions(options),
    dryRun: options['dry-run'] === true,
    wait: secondsOption(options, 'wait'),
    ...limitRateOption(options),
    ...connectionsOption(options),
  };
}

/** `--exit-code` is about a plan, so it requires `--dry-run`. */
export function checkExitCode(options: ParsedOptions): void {
  if (options['exit-code'] === true && options['dry-run'] !== true) throw exitCodeWithoutDryRun();
}

/** The exit code of a plan: with `--exit-code`, drift if there is something to do. `edits`: number of entries to register. */
export function driftCode(options: ParsedOptions, plan: Plan, edits: number): number {
  return options['exit-code'] === true && stepsOf(plan) + edits > 0 ? EXIT.drift : EXIT.done;
}

function nonEmpty(name: string, value: string): string {
  if (value === '') throw emptyOption(name);
  return value;
}
