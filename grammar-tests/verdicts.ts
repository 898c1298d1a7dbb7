import { basename } from 'node:path';
import type { TestContext } from 'node:test';
import { parseNix } from '../src/adapters/registry/parser.ts';
import { WhisperError } from '../src/core/errors.ts';
import type { SyntaxNode } from '../src/core/registry/syntax.ts';
import { nixValues } from '../test/support/nix-values.ts';
import { namesIn } from '../test/support/registry-text.ts';
import { Scratch } from '../test/support/scratch.ts';
import type { Construct } from './corpus.ts';
import { parseWithNix } from './nix.ts';
import { respell } from './respell.ts';

/** What Nix does with a construct. */
export interface NixVerdict {
  readonly accepts: boolean;
  /** Whether Nix accepts the tree without its errors. */
  readonly acceptsTree: boolean;
  /** Whether Nix parses the source and the tree to the same. */
  readonly agreesWithTree: boolean;
  /** The list of the registry that contains the construct; undefined where Nix refuses that registry. */
  readonly names: unknown;
}

/**
 * Asks Nix about all constructs at once, because starting it costs more than parsing. `isTreeAsked` returns whether the
 * tree of a construct is compared too.
 */
export async function askNix(
  t: TestContext,
  constructs: readonly Construct[],
  isTreeAsked: (name: string, root: SyntaxNode) => boolean,
): Promise<ReadonlyMap<string, NixVerdict>> {
  const scratch = Scratch.create(t);
  const files = constructs.map(({ name, source }) => {
    const file = scratch.write(`${name.replace('/', '-')}.nix`, source);
    const root = parseNix(source);
    const tree = isTreeAsked(name, root)
      ? scratch.write(`tree-of-${basename(file)}`, respell(root, source))
      : undefined;
    return { name, source: file, tree };
  });
  const printed = await parseWithNix(files.flatMap(({ source, tree }) => (tree ? [source, tree] : [source])));
  const values = await nixValues(
    t,
    constructs.map(({ source }) => registryWith(source)),
  );
  return new Map(
    files.map(({ name, source, tree }, index): [string, NixVerdict] => {
      const [said, treeSaid] = [printed.get(source), tree && printed.get(tree)];
      const accepts = said !== undefined;
      const verdict = { accepts, acceptsTree: treeSaid !== undefined, agreesWithTree: said === treeSaid };
      const value = values?.[index];
      return [name, { ...verdict, names: value?.kind === 'value' ? value.value : undefined }];
    }),
  );
}

/** The list that the program reads from the registry that contains a construct; `undefined`: it refuses. */
export function readAround(source: string): readonly string[] | undefined {
  try {
    return namesIn(registryWith(source));
  } catch (error) {
    if (error instanceof WhisperError && error.exitCode === 3) return undefined;
    throw error;
  }
}

/** A registry that contains a construct: the construct itself, or one that has it before its list. */
function registryWith(source: string): string {
  if (source.includes('activeModels')) return source;
  // The list comes last, where error recovery could change it.
  return `{\n  construct =\n${source}\n  ;\n  activeModels = [ "ggml-tiny.bin" ];\n}\n`;
}
