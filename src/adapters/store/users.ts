import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lastSegment, pathsIn, type User } from '../../core/plan/users.ts';

interface Sought {
  readonly folders: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly found: (name: string, user: User) => void;
}

/** The processes that have one of the files open or mapped, or name it on their command line; none where there is no /proc. */
export function findUsers(
  folders: readonly string[],
  names: readonly string[],
  proc = '/proc',
): ReadonlyMap<string, readonly User[]> {
  const users = new Map<string, User[]>();
  const found = (name: string, user: User): void => void users.set(name, [...(users.get(name) ?? []), user]);
  const sought: Sought = {
    folders: new Set(folders.map((folder) => real(folder) ?? folder)),
    names: new Set(names),
    found,
  };
  const ancestors = ancestorsOf(proc, process.pid);
  for (const entry of orNone(() => readdirSync(proc))) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    inspectProcess(sought, join(proc, entry), pid, ancestors.has(pid));
  }
  return users;
}

function inspectProcess(sought: Sought, process: string, pid: number, isAncestor: boolean): void {
  const args = readArguments(process);
  const command = args.join(' ');
  const used = new Set(filesHeld(sought, process));
  // A shell's command line also names later commands, and a parent that waits for this process does not use the model.
  if (!isAncestor) for (const name of filesNamed(sought, process, args)) used.add(name);
  for (const name of used) sought.found(name, { pid, command });
}

function filesHeld({ folders, names }: Sought, process: string): readonly string[] {
  const fds = orNone(() => readdirSync(join(process, 'fd')));
  const open = fds.flatMap((fd) => orNone(() => [readlinkSync(join(process, 'fd', fd))]));
  const maps = orNone(() => [readFileSync(join(process, 'maps'), 'utf8')])[0] ?? '';
  // Most processes map no model, which a quick search shows; parsing their maps would be slow.
  const mapped = maps.includes('/ggml-') ? [...maps.matchAll(/ (\/.+)$/gm)].map((match) => match[1] ?? '') : [];
  return [...open, ...mapped]
    .filter((path) => names.has(lastSegment(path)) && folders.has(dirname(path)))
    .map((path) => lastSegment(path));
}

function filesNamed({ folders, names }: Sought, process: string, args: readonly string[]): readonly string[] {
  const candidates = args.flatMap(pathsIn).filter((path) => names.has(lastSegment(path)));
  if (candidates.length === 0) return [];
  const cwd = orNone(() => [readlinkSync(join(process, 'cwd'))])[0];
  const isHere = (path: string): boolean => {
    // Without a known working directory, a relative path may mean this folder.
    if (!path.startsWith('/') && cwd === undefined) return true;
    const parent = dirname(resolve(cwd ?? '/', path));
    return folders.has(real(parent) ?? parent);
  };
  return candidates.filter(isHere).map(lastSegment);
}

function readArguments(process: string): readonly string[] {
  const text = orNone(() => [readFileSync(join(process, 'cmdline'), 'utf8')])[0] ?? '';
  return text.split('\0').filter((argument) => argument !== '');
}

function ancestorsOf(proc: string, pid: number): ReadonlySet<number> {
  const ancestors = new Set<number>();
  for (let current = parentOf(proc, pid); current > 0 && !ancestors.has(current); current = parentOf(proc, current))
    ancestors.add(current);
  return ancestors;
}

/** 0 where it is unknown. */
function parentOf(proc: string, pid: number): number {
  const status = orNone(() => [readFileSync(join(proc, String(pid), 'status'), 'utf8')])[0] ?? '';
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}

function real(path: string): string | undefined {
  return orNone(() => [realpathSync(path)])[0];
}

/** Processes may end during the search, and those of other users may not be inspected. */
function orNone<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
