import { WhisperError } from '../../src/core/errors.ts';
import {
  checkSources,
  type ModelSource,
  type RawSource,
  SOURCE_ATTRIBUTES,
} from '../../src/core/registry/sources/source.ts';
import type { NixOutcome, NixQuestion } from './nix-values.ts';

const CALL =
  'call = value: if builtins.isFunction value then call (value (builtins.mapAttrs (name: _: throw name) (builtins.functionArgs value))) else value;';

/** Asks for the sources of a text. Not as a set: an attribute named `outPath` would replace the set in the JSON of Nix. */
export function askForSources(text: string, path: readonly string[]): NixQuestion {
  const pairs = 'map (name: { inherit name; value = value.${name}; }) (builtins.attrNames value)';
  const value = `(call (\n${text}\n)).${path.join('.')}`;
  return {
    text: `let ${CALL} value = ${value}; in { pairs = if builtins.isAttrs value then ${pairs} else null; }`,
    path: ['pairs'],
  };
}

/** Asks for everything else in the result of a text: all but the list and the sources. */
export function askForRest(text: string, path: readonly string[]): NixQuestion {
  const without = path.slice(0, -1).reduceRight(
    (inner, _, index) => {
      const set = ['whole', ...path.slice(0, index)].join('.');
      return `(${set} // { ${path[index] ?? ''} = ${inner}; })`;
    },
    `removeAttrs ${['whole', ...path.slice(0, -1)].join('.')} [ "activeModels" "modelSources" ]`,
  );
  return { text: `let ${CALL} whole = call (\n${text}\n); in { rest = ${without}; }`, path: ['rest'] };
}

/** Sources in the order of their names. */
export function print(sources: readonly Omit<ModelSource, 'key'>[]): string {
  const printed = sources.map(({ file, url, sha256, size }) => [file, url, sha256, size].join('\n'));
  return JSON.stringify(printed.toSorted());
}

/** The sources that an answer means, the code of the error, or why there is no answer. */
export function meaningOf(outcome: NixOutcome | undefined): string {
  if (outcome?.kind !== 'value') return outcome?.kind ?? 'none';
  if (!Array.isArray(outcome.value)) return 'registry-bad-source';
  const raw = outcome.value.map(({ name: key, value: entry }: { name: string; value: unknown }): RawSource => {
    if (typeof entry !== 'object' || entry === null) return { key, attributes: undefined, instead: typeof entry };
    const known = SOURCE_ATTRIBUTES.flatMap((name) => {
      const own: unknown = (entry as Record<string, unknown>)[name];
      if (own === undefined) return [];
      return [[name, typeof own === 'string' || typeof own === 'number' ? own : { other: typeof own }]];
    });
    return { key, attributes: Object.fromEntries(known) as RawSource['attributes'] };
  });
  try {
    return print(checkSources(raw, () => undefined));
  } catch (error) {
    if (error instanceof WhisperError) return error.code;
    throw error;
  }
}
