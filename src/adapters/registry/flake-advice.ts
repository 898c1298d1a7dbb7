import { realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { WhisperError } from '../../core/errors.ts';
import { exportLine, OUTPUT } from '../../core/evaluation/flake-export.ts';
import { exportFromFlake, nameFlakeOutput } from '../../core/messages/evaluation.ts';
import { readStatically } from '../../core/registry/read-registry.ts';
import { parseText } from '../../core/registry/syntax.ts';
import type { Reading } from '../../core/registry/registry.ts';
import { shellValue } from '../../core/shell-value.ts';
import { readTextOrNothing } from '../fs/read.ts';
import { findFlake, relativeFolder } from '../nix/flake-files.ts';
import { parseNix } from './parser.ts';

/**
 * What to do about a list that needs the arguments of its file: the flake of the project gives them. `undefined` where there is
 * no such flake, or it is not written in the usual way.
 */
export function flakeAdvice(reading: Reading, cwd: string): string | undefined {
  const file = realpathSync(reading.file);
  const folder = findFlake(dirname(file));
  if (folder === undefined) return undefined;
  const flakeFile = join(folder, 'flake.nix');
  const text = readTextOrNothing(flakeFile);
  const attr = `${shellValue(relativeFolder(realpathSync(cwd), folder))}#${OUTPUT}`;
  try {
    const flake = parseText(parseNix, text, []);
    const registry = parseText(parseNix, reading.text, []);
    if ('message' in flake || 'message' in registry) return undefined;
    if (isExported(flakeFile, text)) return nameFlakeOutput(attr);
    const { target, isHidden, attrpath } = reading;
    const path = target && !target.isBody ? target.path.join('.') : attrpath;
    if (!/^[a-zA-Z_][\w.-]*$/.test(path)) return undefined;
    const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${process.platform}`;
    const line = exportLine({ flake, registry, path: relative(folder, file), attrpath: path, system });
    return line === undefined ? undefined : exportFromFlake(line, isHidden ? path : undefined, attr);
  } catch (error) {
    if (error instanceof WhisperError) return undefined;
    throw error;
  }
}

function isExported(file: string, text: string): boolean {
  try {
    const attr = `outputs.${OUTPUT}`;
    return !readStatically(parseNix, text, { file, attr, environment: {} }).isHidden;
  } catch (error) {
    if (error instanceof WhisperError) return false;
    throw error;
  }
}
