import { readObject } from '../json.ts';

/** A registry that uses a models directory, and how its list is read. */
export interface Root {
  /** Absolute path of the Nix file. */
  readonly file: string;
  /** The binding that holds the list, or a flake's output, where it is not the usual one. */
  readonly attr?: string;
  /** The folder that a relative flake reference is meant from. */
  readonly cwd?: string;
}

/** The content of the state file of a root. */
export interface RootNote {
  readonly root: Root;
  /** The file names of its list when it was last read; `undefined`: missing, as from earlier versions. */
  readonly active: readonly string[] | undefined;
  /** ISO 8601: when its file was first found missing; `undefined`: it is not missing, or was not found missing yet. */
  readonly missingSince: string | undefined;
}

export interface MissingRoot extends RootNote {
  /** Until when its last list counts; `undefined`: the time has not begun, because the file was not recorded as missing yet. */
  readonly until: Date | undefined;
}

/** Days for which the last list of a missing root keeps its models. */
export const MISSING_DAYS = 14;
const DAY = 24 * 60 * 60 * 1000;

/** Reads a root's state file; `undefined`: damaged, so its registry is unknown. A damaged list or time counts as missing. */
export function readRootNote(text: string): RootNote | undefined {
  const { file, attr, cwd, active, missingSince } = readObject(text) ?? {};
  const isWhole = (field: unknown): field is string | undefined => field === undefined || typeof field === 'string';
  if (typeof file !== 'string' || !file.startsWith('/') || !isWhole(attr) || !isWhole(cwd)) return undefined;
  const isList = Array.isArray(active) && active.every((name): name is string => typeof name === 'string');
  const isTime = typeof missingSince === 'string' && !Number.isNaN(Date.parse(missingSince));
  return {
    root: { file, ...(attr !== undefined && { attr }), ...(cwd !== undefined && { cwd }) },
    active: isList ? active : undefined,
    missingSince: isTime ? missingSince : undefined,
  };
}

/** The JSON for the state file, with the list sorted and without repeated names. */
export function rootNoteJson({ root: { file, attr, cwd }, active, missingSince }: RootNote): object {
  return { file, attr, cwd, active: active && [...new Set(active)].toSorted(), missingSince };
}

/** A root whose file is missing at some time. The 14 days start again where the recorded time is in the future. */
export function missingRoot(note: RootNote, now: Date): MissingRoot {
  const since = note.missingSince === undefined ? Number.NaN : Date.parse(note.missingSince);
  if (!(since <= now.getTime())) return { ...note, missingSince: undefined, until: undefined };
  return { ...note, until: new Date(since + MISSING_DAYS * DAY) };
}

/** Identifies a root: one file may be used with several lists. */
export function rootKey({ file, attr, cwd }: Root): string {
  return attr === undefined ? file : [file, attr, cwd ?? ''].join('\n');
}

/** A root for messages: the file, and the list in it where that is not the usual one. */
export function describeRoot({ file, attr }: Root): string {
  return attr === undefined ? file : `${file} (${attr})`;
}

/**
 * The path in a flake reference that means a folder of this machine (https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake,
 * "Flake references"), as it is written; `undefined` for any other.
 */
export function flakeFolder(reference: string): string | undefined {
  const path = reference.replace(/[#?].*$/s, '').replace(/^(?:path|git\+file):(?:\/\/(?=\/))?/, '');
  if (path === '') return '.';
  return /^(?:\/|\.\.?(?:\/|$))/.test(path) ? path : undefined;
}
