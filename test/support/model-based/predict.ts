import {
  countingList,
  isFile,
  listedElsewhere,
  removable,
  unverified,
  type Expected,
  type Letter,
  type Thing,
} from './expected.ts';
import { OWN } from './steps.ts';

/** What a command should say: lists of short names that its document has. */
export interface Prediction {
  readonly code: number;
  /** Whether it may have changed anything. */
  readonly acts: boolean;
  readonly says?: Readonly<Record<string, readonly string[]>>;
  /** Names whose files are replaced. */
  readonly fetched?: readonly string[];
}

export interface Command {
  readonly by: Letter;
  readonly name: string;
  readonly models: readonly string[];
  readonly options: ReadonlySet<string>;
}

const refused = (code: number): Prediction => ({ code, acts: false });

/** What a command should do, by the rules in the documents; changes what is expected accordingly. */
export function predict(expected: Expected, command: Command): Prediction {
  if (expected.registries[command.by].text !== 'fine') return refused(3);
  switch (command.name) {
    case 'add':
    case 'remove':
      return predictEdit(expected, command);
    case 'verify':
      return predictVerify(expected, command);
    case 'list':
      return { code: 0, acts: false };
    case 'check':
      return predictCheck(expected, command);
    default:
      return predictReconcile(expected, command);
  }
}

function predictEdit({ registries, things }: Expected, { by, name, models }: Command): Prediction {
  const { active } = registries[by];
  const isUnknown = (model: string): boolean =>
    model === OWN && !(name === 'add' ? isFile(things.get(model)) : active.has(model));
  if (models.some(isUnknown)) return refused(2);
  for (const model of models) {
    if (name === 'add') active.add(model);
    else active.delete(model);
  }
  return { code: 0, acts: true };
}

function predictVerify(expected: Expected, { by, options }: Command): Prediction {
  const { things, registries } = expected;
  const { active } = registries[by];
  const names = new Set([...active, ...[...things].filter(([, thing]) => isFile(thing)).map(([name]) => name)]);
  const missing = [...names].filter((name) => !isFile(things.get(name)));
  const bad = [...names].filter((name) => ['corrupt', 'short'].includes(things.get(name)?.kind ?? ''));
  const code = missing.length + bad.length > 0 ? 5 : 0;
  for (const name of names) {
    const thing = things.get(name);
    if (thing && isFile(thing) && thing.kind !== 'link') thing.noted = true;
  }
  if (!options.has('--repair')) return { code, acts: true };
  // A truncated file may be the user's own, because its bytes match no known model.
  const fetched = [
    ...missing.filter((name) => name !== OWN && !things.has(name)),
    ...bad.filter((name) => things.get(name)?.kind === 'corrupt'),
  ];
  if (!publish(expected, fetched)) return { code: 4, acts: true };
  expected.aside += bad.filter((name) => fetched.includes(name)).length;
  return { code: fetched.length === missing.length + bad.length ? 0 : 5, acts: true, fetched };
}

function predictCheck(expected: Expected, { by }: Command): Prediction {
  const { active } = expected.registries[by];
  const elsewhere = listedElsewhere(expected, by);
  const missing = [...active].filter((name) => !isFile(expected.things.get(name)));
  const listed = new Set([...active, ...(elsewhere ?? [])]);
  // A check hashes nothing.
  const extra = elsewhere
    ? removable(expected, listed, false).filter((name) => expected.things.get(name)?.noted === true)
    : [];
  return { code: missing.length + extra.length > 0 ? 8 : 0, acts: false, says: { missing, extra } };
}

function predictReconcile(expected: Expected, { by, name, models, options }: Command): Prediction {
  const { things, registries, roots, partials } = expected;
  if (name === 'download' && models.includes(OWN)) return refused(2);
  const elsewhere = listedElsewhere(expected, by);
  if (!elsewhere) return refused(3);
  const { active } = registries[by];
  const wanted = name === 'download' ? models : name === 'sync' ? [...active] : [];
  const listed = new Set([...active, ...elsewhere, ...wanted]);
  let prunes = !options.has('--no-prune');
  let removed = prunes ? removable(expected, listed, options.has('--unmanaged')) : [];
  const mayGo = prunes ? [...removed, ...unverified(expected, listed)] : [];
  if (active.size === 0 && mayGo.length > 0 && !options.has('--allow-empty')) {
    if (name !== 'download') return refused(3);
    prunes = false;
    removed = [];
  }
  const force = options.has('--force');
  const present = wanted.filter((each) => isFile(things.get(each)) && !force);
  const fetched = wanted.filter((each) => !present.includes(each));
  if (fetched.some((each) => each !== OWN && things.has(each) && !isFile(things.get(each)))) return refused(6);
  if (fetched.includes(OWN)) return refused(3);
  if (present.some((each) => things.get(each)?.kind === 'short')) return refused(5);
  const registers = name === 'download' && !options.has('--no-register');
  const registered = registers ? wanted.filter((each) => !active.has(each)) : [];
  const stale = prunes ? [...partials].filter((each) => !listed.has(each)) : [];
  const says = name === 'prune' ? { removed } : { pruned: removed, downloaded: fetched, present, registered };
  if (options.has('--dry-run')) {
    const isDrift = removed.length + fetched.length + registered.length + stale.length > 0;
    return { code: options.has('--exit-code') && isDrift ? 8 : 0, acts: false, says };
  }
  if (prunes && !options.has('--unmanaged'))
    for (const each of unverified(expected, listed)) (things.get(each) as Thing).noted = true;
  for (const root of roots.keys()) roots.set(root, new Set(countingList(expected, root)));
  roots.set(by, new Set([...active, ...registered]));
  for (const each of removed) things.delete(each);
  for (const each of stale) partials.delete(each);
  for (const each of registered) if (present.includes(each)) active.add(each);
  if (!publish(expected, fetched)) return { code: 4, acts: true };
  for (const each of registered) active.add(each);
  return { code: 0, acts: true, says, fetched };
}

/** False where the hub would have to be there, and is not. */
function publish({ things, partials, isHubThere }: Expected, names: readonly string[]): boolean {
  for (const name of names) {
    if (isHubThere) {
      things.set(name, { kind: 'right', noted: true, published: true, mtime: undefined });
      partials.delete(name);
    } else partials.add(name);
  }
  return isHubThere || names.length === 0;
}
