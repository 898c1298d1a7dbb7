import { fileName, isModelFile, isShortName } from '../../catalogue/names.ts';
import { addressOf, originOfUrl } from '../../catalogue/address.ts';
import type { CatalogueEntry } from '../../catalogue/entries.ts';
import type { Place } from '../../errors.ts';
import { readSha256 } from '../../catalogue/sha256-forms.ts';
import {
  credentialsInSource,
  differentSourceHashes,
  invalidSourceHash,
  invalidSourceName,
  invalidSourceSize,
  invalidSourceType,
  invalidSourceUrl,
  repeatedSource,
  sourceNotASet,
  sourceWithoutHash,
  sourceWithoutUrl,
} from '../../messages/sources.ts';
import { isCount } from '../../quantity.ts';

/** The attributes of a source that are read; all others are left to Nix. */
export const SOURCE_ATTRIBUTES = ['url', 'hash', 'sha256', 'size'] as const;
export type SourceAttribute = (typeof SOURCE_ATTRIBUTES)[number];

export function isSourceAttribute(name: string): name is SourceAttribute {
  return SOURCE_ATTRIBUTES.some((each) => each === name);
}

/** A value of Nix as far as it matters here; `other`: what it is instead, like `a list`. */
export type RawValue = string | number | { readonly other: string };

type RawAttributes = Partial<Readonly<Record<SourceAttribute, RawValue>>>;

/** One entry of `modelSources` as it is written, before it is checked. */
export interface RawSource {
  /** The attribute name. */
  readonly key: string;
  /** `undefined`: it is not a set but what `instead` says. */
  readonly attributes: RawAttributes | undefined;
  readonly instead?: string;
}

/** A model that `modelSources` declares: where its bytes come from and, where it says so, what they are. */
export interface ModelSource {
  readonly key: string;
  readonly file: string;
  readonly url: string;
  /** In hex; `undefined`: not known yet. */
  readonly sha256: string | undefined;
  readonly size: number | undefined;
}

/** Where a part of an entry is; without an attribute, its name. */
export type PlaceOf = (key: string, attribute?: SourceAttribute) => Place | undefined;

/** The sources that entries mean. Throws `registry-bad-source` (exit 3) for the first entry that means none. */
export function checkSources(raw: readonly RawSource[], placeOf: PlaceOf): readonly ModelSource[] {
  const sources = new Map<string, ModelSource>();
  for (const each of raw) {
    const source = checkSource(each, placeOf);
    const other = sources.get(source.file);
    if (other) throw repeatedSource(other.key, each.key, placeOf(each.key));
    sources.set(source.file, source);
  }
  return [...sources.values()];
}

function checkSource({ key, attributes, instead = '' }: RawSource, placeOf: PlaceOf): ModelSource {
  const file = isModelFile(key) || isShortName(key) ? fileName(key) : undefined;
  if (file === undefined) throw invalidSourceName(key, placeOf(key));
  if (!attributes) throw sourceNotASet(key, instead, placeOf(key));
  for (const name of ['url', 'hash', 'sha256'] as const) {
    const value = attributes[name];
    if (value === undefined || typeof value === 'string') continue;
    throw invalidSourceType(key, name, typeof value === 'number' ? 'a number' : value.other, placeOf(key, name));
  }
  const { url, size } = attributes;
  if (typeof url !== 'string') throw sourceWithoutUrl(key, placeOf(key));
  if (size !== undefined && (typeof size !== 'number' || !isCount(size)))
    throw invalidSourceSize(key, placeOf(key, 'size'));
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol) || /[\p{Cc}\s]/u.test(url))
    throw invalidSourceUrl(key, placeOf(key, 'url'));
  if (address.username !== '' || address.password !== '') throw credentialsInSource(key, placeOf(key, 'url'));
  const sha256 = hashOf(key, attributes, placeOf);
  if (address.protocol === 'http:' && sha256 === undefined) throw sourceWithoutHash(key, placeOf(key, 'url'));
  return { key, file, url, sha256, size };
}

/** The hash of a source in hex. An empty one stands for a hash that is not known yet, as in Nix. */
function hashOf(key: string, attributes: RawAttributes, placeOf: PlaceOf): string | undefined {
  const read = (['hash', 'sha256'] as const).flatMap((name) => {
    const given = attributes[name];
    if (typeof given !== 'string' || given === '') return [];
    const sha256 = readSha256(given);
    if (sha256 === undefined) throw invalidSourceHash(key, placeOf(key, name));
    return [sha256];
  });
  if (new Set(read).size > 1) throw differentSourceHashes(key, placeOf(key, 'sha256'));
  return read[0];
}

/** The entry of a source among the known models. */
export function entryOfSource({ file, url, sha256, size }: ModelSource): CatalogueEntry {
  return { ...originOfUrl(new URL(url)), file, size, sha256, pinnedBy: 'modelSources' };
}

/** A model and where it comes from, as it is written into `modelSources`. */
export type NewSource = Pick<ModelSource, 'file' | 'url' | 'sha256' | 'size'>;

/** The source of an entry. */
export function newSource(entry: CatalogueEntry): NewSource {
  const { file, sha256, size } = entry;
  return { file, url: addressOf(entry, file), sha256, size };
}
