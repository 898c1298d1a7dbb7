import { invalidFileName, neverPublished, notInCatalogue, retiredName } from '../messages/diagnostics.ts';
import { type Catalogue, suggest } from './catalogue.ts';
import { fileName, isModelFile, isShortName, shortName } from './names.ts';

/** Why a name is not a known model, and which model it probably means. */
export interface NameProblem {
  readonly code: 'bad-name' | 'renamed-model' | 'unreal-model' | 'unknown-model';
  readonly message: string;
  /** The file name that is meant. */
  readonly suggestion: string | undefined;
  readonly isSure: boolean;
}

// Names that upstream gave to one model after another before it numbered them
// (https://github.com/ggml-org/whisper.cpp/issues/226 and 1396; large-v3 since November 2023). The last is only a guess.
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['ggml-large.bin', 'ggml-large-v3.bin'],
  ['ggml-large-q5_0.bin', 'ggml-large-v2-q5_0.bin'],
]);

/** What is wrong with a name that is not in the catalogue, and what it should be; `isQuick`: without looking for the nearest name. */
export function explainName(name: string, catalogue: Catalogue, isQuick = false): NameProblem {
  const isFile = isModelFile(name);
  const meant = isFile ? undefined : meantBy(name, catalogue);
  const isBad = !isFile && (meant !== undefined || !isShortName(name));
  if (isBad) return { ...unnamed(name), suggestion: meant, isSure: meant !== undefined };
  const file = fileName(name) ?? name;
  const renamed = RENAMED.get(file);
  if (renamed !== undefined && catalogue.has(renamed)) {
    return { code: 'renamed-model', message: retiredName(name), suggestion: renamed, isSure: false };
  }
  const real = sameBits(file, catalogue);
  if (real !== undefined) {
    return { code: 'unreal-model', message: neverPublished(name), suggestion: real, isSure: true };
  }
  const [nearest] = isQuick ? [] : suggest(file, catalogue);
  const suggestion = nearest === undefined ? undefined : fileName(nearest);
  const problem = isFile ? ({ code: 'unknown-model', message: notInCatalogue(name) } as const) : unnamed(name);
  return { ...problem, suggestion, isSure: false };
}

function unnamed(name: string): Pick<NameProblem, 'code' | 'message'> {
  return { code: 'bad-name', message: invalidFileName(name) };
}

function meantBy(name: string, catalogue: Catalogue): string | undefined {
  const base =
    name
      .trim()
      .replace(/[?#].*$/s, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  const file = fileName(base.toLowerCase().replace(/^ggml-|\.bin$/g, ''));
  return file !== undefined && catalogue.has(file) ? file : undefined;
}

const QUANTISED = /^(.+)-q(\d)_\d$/;

function sameBits(name: string, catalogue: Catalogue): string | undefined {
  const [, model, bits] = QUANTISED.exec(shortName(name)) ?? [];
  if (model === undefined) return undefined;
  const real = [...catalogue.keys()].filter((file) => {
    const match = QUANTISED.exec(shortName(file));
    return match?.[1] === model && match?.[2] === bits;
  });
  return real.length === 1 ? real[0] : undefined;
}
