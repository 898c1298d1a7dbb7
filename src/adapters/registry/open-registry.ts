import { isComputed } from '../../core/registry/list.ts';
import { readStatically } from '../../core/registry/read-registry.ts';
import { asRegistry, type Reading, type Registry } from '../../core/registry/registry.ts';
import { yieldToSignals } from '../process/host.ts';
import { isBeingOverwritten, readText } from './find-registry.ts';
import { parseNix } from './parser.ts';
import { type OpenOptions, isFlakeReference } from './open-options.ts';

/** Reads a registry, with Nix where it is computed. Throws a `WhisperError` of exit code 3 where the list is not certain. */
export async function openRegistry(options: OpenOptions): Promise<Registry> {
  const text = await readComplete(options.file);
  if (isFlakeReference(options.attr)) return (await import('./evaluated.ts')).openFlake(text, options, options.attr);
  let reading: Reading;
  try {
    reading = readStatically(parseNix, text, options);
    if (text.length > LONG) await yieldToSignals(options.signal);
  } catch (error) {
    return (await import('./evaluated.ts')).openByNix(text, options, error);
  }
  const registry = asRegistry(reading);
  if (!isComputed(registry) && !hasComputed(reading, options)) return registry;
  return isComputed(registry)
    ? (await import('./evaluated.ts')).openComputed(reading, registry, options)
    : (await import('./evaluated-settings.ts')).withSettings(registry, options);
}

/** Whether Nix is needed for more than the list. */
function hasComputed({ modelsDir, sources }: Reading, { wantsModelsDir, wantsSources }: OpenOptions): boolean {
  const isDirComputed = wantsModelsDir && modelsDir !== undefined && 'computed' in modelsDir;
  return isDirComputed || (wantsSources && sources !== undefined && 'computed' in sources && sources.isCertain);
}

async function readComplete(file: string): Promise<string> {
  const text = readText(file);
  // Checked after reading, to notice an edit that began since.
  if (!isBeingOverwritten(file)) return text;
  await (await import('./text-file.ts')).finishEdit(file);
  return readText(file);
}

/** Characters that take so long to parse that a signal may arrive in the meantime. */
const LONG = 16_384;
