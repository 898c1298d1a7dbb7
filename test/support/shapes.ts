import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../test/fixtures/shapes');

export const TINY = 'ggml-tiny.en-q5_1.bin';
export const SMALL = 'ggml-small.en-q5_1.bin';

/** A registry whose list is one model, with another one in a commented line. */
export interface Shape {
  readonly name: string;
  readonly text: string;
  /** Under which condition the list is defined, as the program shows it; its first line says so. */
  readonly condition: string | undefined;
}

/** Registries as people write them: in branches, in named sets, in modules, beside syntax that only some versions of Nix know. */
export const SHAPES: readonly Shape[] = readdirSync(FOLDER)
  .toSorted()
  .map((file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const condition = /^# under (.*)/.exec(text)?.[1];
    return {
      name: file.replace('.nix', ''),
      text,
      condition: condition === 'no condition' ? undefined : condition,
    };
  });
