import { rmSync } from 'node:fs';
import type { Expected, Letter, Thing } from './expected.ts';
import { fileName, SPOILED_NOTE, type Place } from './place.ts';
import { OWN } from './steps.ts';

/** Lets something happen that whisper has no part in: to the disk, and to what is expected of it. */
export function happen(place: Place, expected: Expected, words: readonly string[]): void {
  const [what = '', one = '', other = ''] = words;
  if (what.startsWith('hub-')) expected.isHubThere = what === 'hub-back';
  else if (one === 'A' || one === 'B') edit(place, expected, what, one, other);
  else changeFile(place, expected, what, one);
}

function edit(place: Place, { registries }: Expected, what: string, letter: Letter, name: string): void {
  const registry = registries[letter];
  if (what === 'repair') {
    if (registry.text === 'fine') return;
    registry.text = 'fine';
    place.writeRegistry(letter, registry.active);
  }
  // A file that is broken or missing is not edited before it is repaired.
  if (registry.text !== 'fine') return;
  if (what === 'break' || what === 'lose') {
    registry.text = what === 'break' ? 'broken' : 'gone';
    if (what === 'break') place.writeRegistry(letter, registry.active, [], '');
    else rmSync(place.registry(letter));
    return;
  }
  const off = what === 'empty' ? [...registry.active] : what === 'comment' ? [name] : [];
  for (const each of off) registry.active.delete(each);
  if (what === 'restore') registry.active.add(name);
  place.writeRegistry(letter, registry.active, off);
}

const KINDS: Readonly<Record<string, Thing['kind']>> = {
  put: 'right',
  corrupt: 'corrupt',
  cut: 'short',
  link: 'link',
  dangle: 'dangling',
  folder: 'folder',
};

function changeFile(place: Place, { things, partials }: Expected, what: string, name: string): void {
  const record = place.notePath('records', `${fileName(name)}.json`);
  if (what === 'delete') {
    place.remove(name);
    things.delete(name);
  } else if (what === 'lose-record' || what === 'spoil-record') {
    if (what === 'lose-record') rmSync(record, { force: true });
    else place.scratch.write(record, SPOILED_NOTE);
    const thing = things.get(name);
    if (thing) thing.noted = false;
  } else if (what === 'leave-partial') {
    place.scratch.write(place.notePath('partial', `${fileName(name)}.part`), 'left by a run that is over');
    partials.add(name);
  } else {
    const known = KINDS[what] ?? 'right';
    const kind = name === OWN && known === 'right' ? 'own' : known;
    things.set(name, { kind, noted: false, published: false, mtime: place.put(name, kind) });
  }
}
