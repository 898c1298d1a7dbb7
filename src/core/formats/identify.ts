import type { Catalogue } from '../catalogue/catalogue.ts';
import { shortName } from '../catalogue/names.ts';
import { isGgml, detectFormat, type OtherKind, readLfsPointer } from './header.ts';
import { isModel, type ModelKind } from './model-kind.ts';
import { readParakeetHeader } from './parakeet-header.ts';
import { readVadHeader } from './vad-header.ts';
import { readWhisperHeader } from './whisper-header.ts';

/** How many bytes from the start of a file `identify` makes use of: header, mel filters and vocabulary of a whisper model. */
export const IDENTIFY_BYTES = 1024 * 1024;

/** What a file is by its bytes. Sizes in bytes; `null` where they are unknown. */
export interface Identity {
  /**
   * `model`: of whisper. `parakeet`: a model that `parakeet-cli` runs. `vad`: a voice-activity model. `ggml`: the magic number of
   * ggml, but no model that whisper.cpp reads.
   */
  readonly kind: ModelKind | 'ggml' | OtherKind;
  /** File names of the models in the catalogue that it may be; for a git-LFS pointer, the model that it points to. */
  readonly models: readonly string[];
  readonly sizeClass: string | null;
  readonly multilingual: boolean | null;
  readonly quantization: string | null;
  /** Its header in a few words; for a file that is not a model, what it looks like. Not yet escaped for a terminal. */
  readonly traits: readonly string[];
  readonly size: number;
  readonly expectedSize: number | null;
  /** Percent of the expected size, rounded down; `null`: it is not truncated. */
  readonly truncatedAt: number | null;
  readonly sha256: string | null;
  /** Whether the catalogue pins these bytes; `null` where it pins no file of that size. */
  readonly verified: boolean | null;
}

/** What a file is by its beginning (`IDENTIFY_BYTES` of it, or all) and its size. */
export function identify(bytes: Uint8Array, size: number, catalogue: Catalogue): Identity {
  if (!isGgml(bytes)) return identifyOther(bytes, size, catalogue);
  const vad = readVadHeader(bytes);
  if (vad) {
    const { version, size: expected } = vad;
    const models = ofSize(catalogue, expected).filter((file) => file === `ggml-silero-v${version}.bin`);
    const traits = ['voice activity', version === undefined ? 'silero' : `silero ${version}`];
    return { ...UNKNOWN, kind: 'vad', models, traits, ...sizes(size, expected) };
  }
  const parakeet = readParakeetHeader(bytes);
  if (parakeet) return identifyParakeet(parakeet, size, catalogue);
  const header = readWhisperHeader(bytes);
  if (header.type === 'strange') return { ...UNKNOWN, kind: 'ggml', traits: [header.reason], size };
  const { sizeClass, multilingual, quantization, size: expected } = header;
  return {
    ...UNKNOWN,
    kind: 'model',
    models: ofSize(catalogue, expected),
    sizeClass: sizeClass ?? null,
    multilingual,
    quantization,
    traits: [sizeClass ?? 'of its own dimensions', multilingual ? 'multilingual' : 'English-only', quantization],
    ...sizes(size, expected),
  };
}

/** By its header alone the size of a parakeet model is not known, but for those of the catalogue. */
function identifyParakeet(
  { variant, multilingual, quantization }: NonNullable<ReturnType<typeof readParakeetHeader>>,
  size: number,
  catalogue: Catalogue,
): Identity {
  const file = variant === undefined ? undefined : `ggml-parakeet-${variant}-${quantization}.bin`;
  const entry = file === undefined ? undefined : catalogue.get(file);
  return {
    ...UNKNOWN,
    kind: 'parakeet',
    models: entry?.size === undefined ? [] : [entry.file],
    sizeClass: 'parakeet',
    multilingual,
    quantization,
    traits: [variant === undefined ? 'parakeet' : `parakeet ${variant}`, quantization],
    ...sizes(size, entry?.size),
  };
}

/** Whether the catalogue pins a file of that size, so that hashing the bytes can identify it. */
export function isWorthHashing({ size }: Identity, catalogue: Catalogue): boolean {
  return ofSize(catalogue, size).some((file) => catalogue.get(file)?.sha256 !== undefined);
}

/** The identity with the sha256 of all bytes. Bytes that the catalogue pins are that model, whatever their header says. */
export function withHash(identity: Identity, sha256: string, catalogue: Catalogue): Identity {
  const { size } = identity;
  const models = [...catalogue.values()].filter((entry) => entry.sha256 === sha256).map(({ file }) => file);
  if (models.length === 0) return { ...identity, sha256, verified: false };
  const pinned = { models, ...sizes(size, size), sha256, verified: true };
  return isModel(identity) ? { ...identity, ...pinned } : { ...identity, kind: 'model', traits: [], ...pinned };
}

/** Whether it is a complete model by its header, size and hash. */
export function isComplete(identity: Identity): boolean {
  return isModel(identity) && identity.size === identity.expectedSize && identity.verified !== false;
}

/** Why a file in the models directory cannot be what its name says; `undefined`: nothing contradicts it. */
export function contradiction(name: string, identity: Identity, catalogue: Catalogue): string | undefined {
  const { kind, models, traits, size, truncatedAt } = identity;
  const said = traits.join(', ');
  if (kind === 'ggml') return catalogue.get(name)?.size === size ? undefined : `it is not a whisper model: ${said}`;
  if (!isModel(identity)) return `it is not a model but ${said}`;
  if (catalogue.has(name) && models.length > 0 && !models.includes(name))
    return `its header is that of ${models.map(shortName).join(' or ')}: ${said}`;
  if (catalogue.has(name) && isAnother(shortName(name), identity)) return `its header says ${said}`;
  return truncatedAt === null ? undefined : `it is truncated at ${truncatedAt} %`;
}

function isAnother(short: string, { models, sizeClass, multilingual }: Identity): boolean {
  if (models.length > 0 || sizeClass === null || !/^(tiny|base|small|medium|large)\b/.test(short)) return false;
  return !short.startsWith(sizeClass) || short.includes('.en') === multilingual;
}

const UNKNOWN = {
  models: [],
  sizeClass: null,
  multilingual: null,
  quantization: null,
  expectedSize: null,
  truncatedAt: null,
  sha256: null,
  verified: null,
} as const;

function identifyOther(bytes: Uint8Array, size: number, catalogue: Catalogue): Identity {
  const { kind, looksLike } = detectFormat(bytes);
  const other: Identity = { ...UNKNOWN, kind, traits: [looksLike], size };
  if (kind !== 'lfs-pointer') return other;
  const pointer = readLfsPointer(Buffer.from(bytes).toString('latin1'));
  const models = [...catalogue.values()].filter(({ sha256 }) => sha256 !== undefined && sha256 === pointer?.oid);
  return { ...other, models: models.map(({ file }) => file), expectedSize: pointer?.size ?? null };
}

function ofSize(catalogue: Catalogue, size: number | undefined): readonly string[] {
  if (size === undefined) return [];
  return [...catalogue.values()].filter((entry) => entry.size === size).map(({ file }) => file);
}

function sizes(size: number, expected: number | undefined): Pick<Identity, 'size' | 'expectedSize' | 'truncatedAt'> {
  const isShort = expected !== undefined && size < expected;
  return { size, expectedSize: expected ?? null, truncatedAt: isShort ? Math.floor((100 * size) / expected) : null };
}
