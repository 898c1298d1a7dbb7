import { quote } from '../../nix/literals.ts';
import { toSri } from '../../catalogue/sha256-forms.ts';
import { WhisperError } from '../../errors.ts';
import { sourceNotEditable } from '../../messages/edits.ts';
import { attributeNames, bindingsIn, nameNodes } from '../attrset-bindings.ts';
import { readStatically } from '../read-registry.ts';
import type { Reading, ReadOptions } from '../registry.ts';
import { parseAttr } from '../search/attr.ts';
import { MODEL_SOURCES } from '../sources/find-sources.ts';
import type { ModelSource, NewSource } from '../sources/source.ts';
import { type Parse, type ParsedText, parseText, type SyntaxNode } from '../syntax.ts';
import { applyEdits, type TextEdit } from './layout.ts';
import { isListSetShared, ownSources } from './own-bindings.ts';
import {
  addBinding,
  addEntries,
  addParts,
  addSiblings,
  type Attributes,
  bindingAround,
  deleteBindings,
  isInRec,
  nodesAround,
  writtenSet,
} from './source-edits.ts';
import { editableLists, isSameValue, valuesOf } from './step.ts';

export interface Reader {
  readonly parse: Parse;
  readonly options: ReadOptions;
}

/**
 * Adds sources to a text and reads the new text again. Throws `registry-edit-refused` (exit 3), with the lines to write by hand,
 * where there is no place for them, or where the new text has any other value.
 */
export function addSources(
  before: Reading,
  added: readonly NewSource[],
  reader: Reader,
): { readonly reading: Reading; readonly byHand: readonly string[] } {
  const known = knownSources(before);
  const missing = known ? added.filter((source) => !known.some((each) => isSameSource(each, source))) : added;
  if (missing.length === 0) return { reading: before, byHand: [] };
  const entries = new Map(missing.map((source) => [source.file, attributesOf(source)]));
  const byHand = linesOf(entries);
  const refuse = (): WhisperError => sourceNotEditable(before.file, byHand);
  const parsed = parseText(reader.parse, before.text, [MODEL_SOURCES]);
  if (!known || 'message' in parsed) throw refuse();
  const edit = before.sources ? inSources(before, parsed, entries) : afterList(before, parsed, entries);
  const wanted = [...known, ...missing.map((source) => ({ ...source, key: source.file }))];
  const after = edit && applySourceEdits(before, [edit], wanted, reader);
  if (!after) throw refuse();
  return { reading: after, byHand };
}

/** Whether another process has written a source since: one of the same bytes or, where they are not known, of the same address. */
function isSameSource(known: ModelSource, { file, url, sha256 }: NewSource): boolean {
  if (known.file !== file) return false;
  return known.sha256 !== undefined && sha256 !== undefined ? known.sha256 === sha256 : known.url === url;
}

/** Adds hashes and sizes to sources that lack them; leaves out those that have no place for them. */
export function completeSources(
  before: Reading,
  pins: readonly NewSource[],
  reader: Reader,
): { readonly reading: Reading; readonly completed: readonly string[] } {
  const completed: string[] = [];
  let reading = before;
  for (const pin of pins) {
    const after = completeSource(reading, pin, reader);
    if (!after) continue;
    reading = after;
    completed.push(pin.file);
  }
  return { reading, completed };
}

function completeSource(before: Reading, { file, sha256, size }: NewSource, reader: Reader): Reading | undefined {
  const known = knownSources(before);
  const written = before.sources && 'written' in before.sources ? before.sources.written : [];
  const source = known?.find((each) => each.file === file);
  const entry = source && written.find(({ key }) => key === source.key);
  const parsed = parseText(reader.parse, before.text, [MODEL_SOURCES]);
  if (!known || !source || !entry?.places.url || 'message' in parsed) return undefined;
  if (entry.shared.has('url') || !ownSources(parsed, before)) return undefined;
  const isHashNew = source.sha256 === undefined && sha256 !== undefined;
  const missing: (readonly [string, string])[] = [];
  const edits: TextEdit[] = [];
  const empty = (['hash', 'sha256'] as const).find((name) => entry.places[name]);
  if (isHashNew && empty && entry.shared.has(empty)) return undefined;
  const place = empty && entry.places[empty];
  if (isHashNew && place) edits.push({ ...place, text: quote(toSri(sha256)) });
  else if (isHashNew) missing.push(['hash', quote(toSri(sha256))]);
  if (source.size === undefined && size !== undefined) missing.push(['size', String(size)]);
  const binding = bindingAround(parsed.root, entry.places.url);
  // Other values in a `rec` set would get these for names of an outer scope.
  const isCaptured = binding !== undefined && missing.some(([name]) => before.uses.has(name));
  if (isCaptured && isInRec(parsed.root, binding)) return undefined;
  const added = missing.length > 0 && binding ? addSiblings(before.text, binding, missing) : undefined;
  if (missing.length > 0 && !added) return undefined;
  const all = [...edits, ...(added ? [added] : [])].toSorted((a, b) => a.start - b.start);
  const complete = { ...source, sha256: source.sha256 ?? sha256, size: source.size ?? size };
  const wanted = known.map((each) => (each === source ? complete : each));
  return all.length === 0 ? undefined : applySourceEdits(before, all, wanted, reader);
}

/** Removes the sources of models; leaves those that are not written out as bindings of their own. */
export function removeSources(before: Reading, files: readonly string[], reader: Reader): Reading {
  return files.reduce((reading, file) => removeSource(reading, file, reader) ?? reading, before);
}

function removeSource(before: Reading, file: string, reader: Reader): Reading | undefined {
  const known = knownSources(before);
  const source = known?.find((each) => each.file === file);
  const parsed = parseText(reader.parse, before.text, [MODEL_SOURCES]);
  if (!known || !source || 'message' in parsed) return undefined;
  const { text } = parsed;
  const bindings = ownSources(parsed, before);
  if (!bindings) return undefined;
  const { matches, pieces } = bindings;
  const set = matches.map(({ node }) => writtenSet(node, text)).find((each) => each !== undefined);
  if (set?.type === 'rec_attrset_expression' && before.uses.has(source.key)) return undefined;
  const parts = pieces.filter(({ rest }) => rest[0] === source.key).map(({ binding }) => binding);
  const inSet = set ? bindingsIn(set, text).all.filter((each) => attributeNames(each, text)[0] === source.key) : [];
  // A name that is used elsewhere has to stay bound.
  const isUsed =
    !set && parts.length === pieces.length && new RegExp(`\\b${MODEL_SOURCES}\\b`).test(without(text, parts));
  if (parts.length + inSet.length === 0 || isUsed) return undefined;
  const edits = [...deleteBindings(text, parts, undefined), ...deleteBindings(text, inSet, set)];
  const sorted = edits.toSorted((a, b) => a.start - b.start);
  return applySourceEdits(
    before,
    sorted,
    known.filter((each) => each !== source),
    reader,
  );
}

function without(text: string, nodes: readonly SyntaxNode[]): string {
  return applyEdits(
    text,
    nodes.map(({ startIndex, endIndex }) => ({ start: startIndex, end: endIndex, text: '' })),
  );
}

/** The sources that are written in the text; `undefined`: only Nix knows them. */
function knownSources({ sources }: Reading): readonly ModelSource[] | undefined {
  if (!sources) return [];
  return 'sources' in sources && sources.written.length === sources.sources.length ? sources.sources : undefined;
}

/** After the binding of the list. A variable of that name would get another meaning. */
function afterList(
  before: Reading,
  parsed: ParsedText,
  entries: ReadonlyMap<string, Attributes>,
): TextEdit | undefined {
  if (before.uses.has(MODEL_SOURCES) || isListSetShared(parsed, before)) return undefined;
  const name = parseAttr(before.attrpath).path.at(-1);
  const [list] = editableLists(before);
  const { binding } = before;
  const around = [...(list ? [bindingAround(parsed.root, list)] : []), nodesAround(parsed.root, binding).at(-1)];
  const own = around.find((node) => node?.type === 'binding' && attributeNames(node, parsed.text).at(-1) === name);
  return own && addBinding(parsed.text, own, entries);
}

/** In the set that is written out, or after the last of its parts. */
function inSources(
  before: Reading,
  parsed: ParsedText,
  entries: ReadonlyMap<string, Attributes>,
): TextEdit | undefined {
  const { text } = parsed;
  const bindings = ownSources(parsed, before);
  if (!bindings) return undefined;
  const { matches, pieces } = bindings;
  const sets = matches.flatMap(({ node }) => writtenSet(node, text) ?? []);
  const [set] = sets;
  if (set)
    return sets.every(({ startIndex }) => startIndex === set.startIndex) ? addEntries(text, set, entries) : undefined;
  const last = pieces.at(-1);
  const next = last && nameNodes(last.binding).at(-last.rest.length);
  return next && addParts(text, last.binding, text.slice(last.binding.startIndex, next.startIndex), entries);
}

/** The text after edits, where it has the same list and the wanted sources; `undefined`: it has not. */
function applySourceEdits(
  before: Reading,
  edits: readonly TextEdit[],
  wanted: readonly ModelSource[],
  { parse, options }: Reader,
): Reading | undefined {
  let after: Reading;
  try {
    after = readStatically(parse, applyEdits(before.text, edits), options);
  } catch (error) {
    if (error instanceof WhisperError) return undefined;
    throw error;
  }
  const sources = knownSources(after);
  const isSame = sources && isSameValue(valuesOf(before), valuesOf(after)) && hasSameDir(before, after);
  return isSame === true && print(sources) === print(wanted) ? after : undefined;
}

function hasSameDir({ modelsDir: one }: Reading, { modelsDir: other }: Reading): boolean {
  if (!one || !other || !('value' in one) || !('value' in other)) return kindOf(one) === kindOf(other);
  return one.value === other.value;
}

function kindOf(setting: Reading['modelsDir']): string {
  return Object.keys(setting ?? {}).join();
}

function print(sources: readonly ModelSource[]): string {
  const rows = sources.map(({ key, file, url, sha256 = '', size = '' }) => [key, file, url, sha256, size].join('\n'));
  return rows.toSorted().join('\n\n');
}

function attributesOf({ url, sha256, size }: NewSource): Attributes {
  return [
    ['url', quote(url)],
    ...(sha256 === undefined ? [] : [['hash', quote(toSri(sha256))] as const]),
    ...(size === undefined ? [] : [['size', String(size)] as const]),
  ];
}

/** The entries as bindings on one line each, to be written by hand. */
function linesOf(entries: ReadonlyMap<string, Attributes>): readonly string[] {
  return Array.from(entries, ([name, attributes]) => {
    const bindings = attributes.map(([attribute, value]) => `${attribute} = ${value};`).join(' ');
    return `${MODEL_SOURCES}.${quote(name)} = { ${bindings} };`;
  });
}
