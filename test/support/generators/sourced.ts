import fc from 'fast-check';
import { code, layout, layOut } from './layout.ts';
import { evaluatedModule } from './modules.ts';
import { binding, EXPORT, letIn, rec, set } from './parts.ts';
import { entries, type Entry } from './sources.ts';

/** A registry with `modelSources`, and the same for Nix, which sees only what a file exports. */
export interface Sourced {
  readonly text: string;
  readonly probe: string;
  /** Where in the value of the probe the sources are. */
  readonly path: readonly string[];
  readonly isModule: boolean;
}

const LIST = code('activeModels = [ "ggml-tiny.bin" ];');

/** How the sources are bound, with `prefix` before the name: bindings of the set, and of a `let` around it. */
type Form = (
  prefix: string,
  entries: readonly Entry[],
) => { readonly bound: readonly string[]; readonly let?: readonly string[] };

const all = (entriesOf: readonly Entry[], prefix = ''): readonly string[] =>
  entriesOf.flatMap(({ bind }) => bind(prefix));
const whole = (prefix: string, template: string): readonly string[] => [binding(`${prefix}modelSources`, template)];

const FORMS: readonly Form[] = [
  (prefix, given) => ({ bound: whole(prefix, set(...all(given))) }),
  (prefix, given) => ({ bound: whole(prefix, set(...all(given))) }),
  (prefix, given) => ({ bound: whole(prefix, `(${set(...all(given))})`) }),
  (prefix, given) => ({ bound: whole(prefix, rec(...all(given))) }),
  (prefix, given) => ({ bound: all(given, `${prefix}modelSources.`) }),
  (prefix, given) => ({ bound: all(given, `${prefix}"modelSources".`) }),
  (prefix, given) => ({
    bound: [...all(given.slice(1), `${prefix}modelSources.`), ...whole(prefix, set(...all(given.slice(0, 1))))],
  }),
  (prefix, given) => ({
    bound: [...whole(prefix, rec(...all(given.slice(0, 1)))), ...all(given.slice(1), `${prefix}modelSources.`)],
  }),
  (prefix, given) => ({ bound: whole(prefix, 'declared'), let: [binding('declared', set(...all(given)))] }),
  (prefix, given) => ({
    bound: prefix === '' ? [code('inherit modelSources;')] : whole(prefix, 'modelSources'),
    let: whole('', set(...all(given))),
  }),
  (prefix, given) => ({
    bound: prefix === '' ? [code('inherit modelSources;')] : whole(prefix, 'modelSources'),
    let: all(given, 'modelSources.'),
  }),
  (prefix, given) => ({
    bound: whole(prefix, code('modelSources // { }')),
    let: whole('', set(...all(given))),
  }),
  (_, given) => ({ bound: [code('other = 1;'), EXPORT], let: whole('', set(...all(given))) }),
  (prefix, given) => ({ bound: whole(prefix, letIn([code('base = "https://set.example";')], set(...all(given)))) }),
  (prefix, given) => ({ bound: whole(prefix, letIn([binding('all', set(...all(given)))], 'all')) }),
  (prefix, given) => ({
    bound: whole(prefix, `${set(...all(given.slice(1)))}${code(' // ')}${set(...all(given.slice(0, 1)))}`),
  }),
  (prefix, given) => ({ bound: whole(prefix, `${code('if 2 < 1 then { } else ')}${set(...all(given))}`) }),
  (prefix, given) => ({ bound: whole(prefix, `${code('builtins.mapAttrs (_: x: x) ')}${set(...all(given))}`) }),
  (prefix, given) => ({ bound: [binding(prefix + '${"model" + "Sources"}', set(...all(given)))] }),
  (prefix, given) => ({ bound: [binding(prefix + '${"modelSources"}', set(...all(given)))] }),
  (_, given) => ({ bound: [`${code('inherit (')}${set(...whole('', set(...all(given))))}${code(') modelSources;')}`] }),
];

interface Place {
  readonly prefix: string;
  readonly path: readonly string[];
  readonly write: (list: string, sources: readonly string[]) => string;
  readonly isModule?: boolean;
}

const more = code('{ modelSources = { "ggml-more.bin".url = "https://more.example/x"; }; }');
const top = (write: Place['write']): Place => ({ prefix: '', path: ['modelSources'], write });
const module = (write: Place['write']): Place => ({ ...top(write), isModule: true });

const PLACES: readonly Place[] = [
  top((list, sources) => set(list, ...sources)),
  top((list, sources) => set(...sources, list)),
  top((list, sources) => set(...sources.slice(1), list, ...sources.slice(0, 1))),
  top((list, sources) => rec(...sources, list)),
  top((list, sources) => `${set(list)}${code(' // ')}${set(...sources)}`),
  top((list, sources) => `${set(...sources)}${code(' // ')}${set(list)}`),
  top((list, sources) => `${more}${code(' // ')}${set(list, ...sources)}`),
  top((list, sources) => `${set(list, ...sources)}${code(' // ')}${more}`),
  top((list, sources) => `${set(list, ...sources)}${code(' // (if 1 < 2 then ')}${more}${code(' else { })')}`),
  top((list, sources) => `${code('if 1 < 2 then ')}${set(list, ...sources)}${code(' else { }')}`),
  top((list, sources) => `${set(list)}${code(' // (if 1 < 2 then ')}${set(...sources)}${code(' else { })')}`),
  top((list, sources) => `${code('if 2 < 1 then { } else ')}${set(list, ...sources)}`),
  top((list, sources) =>
    sources.every((each) => /^(note|copy)/.test(each))
      ? set(list)
      : letIn([code('modelSources = { };')], set(list, ...sources)),
  ),
  top((list, sources) => letIn([binding('result', set(list, ...sources))], 'result')),
  top((list, sources) => letIn([binding('result', set(list, ...sources))], code('result // { again = result; }'))),
  top((list, sources) => `${code('with { modelSources = 1; base = 1; }; ')}${set(list, ...sources)}`),
  {
    prefix: 'programs.whisper.',
    path: ['programs', 'whisper', 'modelSources'],
    write: (list, sources) => set(`programs.whisper.${list}`, ...sources),
  },
  {
    prefix: '',
    path: ['config', 'modelSources'],
    write: (list, sources) => set(binding('config', set(list, ...sources)), code('imports = [ ];')),
  },
  module((list, sources) => set(list, ...sources)),
  module((list, sources) => `${code('lib.mkIf (1 < 2) ')}(${set(list, ...sources)})`),
  module((list, sources) => `${code('lib.mkMerge [ ')}${set(list)} ${set(...sources)}${code(' ]')}`),
  module((list, sources) => `${code('lib.mkMerge [ ')}${set(list, ...sources)} ${more}${code(' ]')}`),
];

/** Names of the `let`, each once: several values may need the same. */
const outer = (given: readonly Entry[]): readonly string[] => [...new Set(given.flatMap(({ bindings }) => bindings))];

/** Others that have the same values or names: an edit must not change them. */
const WITNESSES = [
  ['', ''],
  ['', ''],
  ['', ''],
  ['copy = modelSources;', ''],
  ['note = size;', 'size = 99;'],
  ['note = unknown;', 'unknown = "";'],
  ['note = source1;', ''],
  ['note = base;', 'base = "https://base.example";'],
].map((each) => each.map(code));

/** What the names mean outside of the `let` that hides them. */
const HEADS = ['', '{ base ? 1, url ? 2, ... }: ', 'let size = 5; hash = ""; in ', '{ pkgs ? 1, lib ? 2 }: '];

export const sourced: fc.Arbitrary<Sourced> = fc
  .record({
    entries,
    form: fc.constantFrom(...FORMS),
    place: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PLACES.slice(0, 2)) }, fc.constantFrom(...PLACES)),
    witness: fc.constantFrom(...WITNESSES),
    head: fc.constantFrom(...HEADS.map(code)),
    layout,
  })
  .map(({ entries: given, form, place, witness, head, layout: laid }) => {
    const { bound, let: own = [] } = form(place.prefix, given);
    const [note = '', needed = ''] = witness;
    const bindings = [...new Set([...outer(given), ...own, ...(needed === '' ? [] : [needed])])];
    const body = place.write(LIST, note === '' ? bound : [...bound, note]);
    const text = layOut(head + (bindings.length > 0 ? letIn(bindings, body) : body), laid);
    const exported = text.replaceAll(EXPORT, ' inherit modelSources;');
    const isHidden = exported !== text;
    return {
      text: place.isModule ? `{ lib }:\n${text.replaceAll(EXPORT, '')}` : text.replaceAll(EXPORT, ''),
      probe: place.isModule ? evaluatedModule(`{ lib }:\n${exported}`) : exported,
      isModule: place.isModule === true,
      path: isHidden && place.prefix !== '' ? ['modelSources'] : place.path,
    };
  });
