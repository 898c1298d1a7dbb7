/** The CoreML encoders that whisper.cpp loads beside a model, where they are: folders `ggml-….mlmodelc`. */

/** What a compiled CoreML model may hold, in the two forms that Apple's compiler has written. */
const CONTENTS: ReadonlySet<string> = new Set([
  'analytics',
  'analytics/coremldata.bin',
  'coremldata.bin',
  'metadata.json',
  'model',
  'model/coremldata.bin',
  'model.espresso.net',
  'model.espresso.shape',
  'model.espresso.weights',
  'model.mil',
  'neural_network_optionals',
  'neural_network_optionals/coremldata.bin',
  'weights',
  'weights/weight.bin',
  '.DS_Store',
]);

/** A folder of a companion's name. */
export interface Companion {
  readonly name: string;
  /** Bytes of all that is in it. */
  readonly size: number;
  /** Whether it holds what such a folder holds, and nothing else. */
  readonly isGenuine: boolean;
}

/** Whether a folder of this name belongs to models. */
export function isCompanionName(name: string): boolean {
  return name.length <= 255 && /^ggml-[A-Za-z0-9._-]+-encoder\.mlmodelc$/.test(name);
}

/**
 * The folder that whisper.cpp looks for beside a model: every quantisation of a base has the same one.
 * Source: `whisper_get_coreml_path_encoder` in whisper.cpp.
 */
export function companionOf(model: string): string {
  const base = model.replace(/\.bin$/, '').replace(/-q._.$/, '');
  return `${base}-encoder.mlmodelc`;
}

/** Whether a compiled CoreML model has such a part; `path` is relative to its folder. */
export function isCompanionPart(path: string): boolean {
  return CONTENTS.has(path);
}

/** The folders whose last model goes; one that had none before may be for a model that is still to come. */
export function lastCompanions(
  companions: readonly Companion[],
  files: readonly { readonly name: string }[],
  going: ReadonlySet<string>,
  listed: ReadonlySet<string>,
): readonly Companion[] {
  if (companions.length === 0) return [];
  const staying = [...listed, ...files.map(({ name }) => name).filter((name) => !going.has(name))];
  const [kept, leaving] = [new Set(staying.map(companionOf)), new Set([...going].map(companionOf))];
  return companions.filter(({ name }) => leaving.has(name) && !kept.has(name));
}
