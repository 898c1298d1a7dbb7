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
  const { modelsDir } = reading;
  const isDirComputed = options.wantsModelsDir && modelsDir !== undefined && 'computed' in modelsDir;
  if (!isComputed(registry) && !isDirComputed) return registry;
  const { openComputed, withModelsDir } = await import('./evaluated.ts');
  return isComputed(registry) ? openComputed(reading, registry, options) : withModelsDir(registry, options);
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
