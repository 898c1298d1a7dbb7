import { printable } from './catalogue/names.ts';

/** Exit codes of the program: stable, documented, tested. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  registry: 3,
  hub: 4,
  integrity: 5,
  disk: 6,
  busy: 7,
  drift: 8,
  interrupted: 130,
  terminated: 143,
} as const;

export type ErrorCode = keyof typeof EXIT_OF;

/**
 * An error that the user can do something about: what happened, where, and the next step; the texts are in `messages/`.
 * Anything else that is thrown is a bug and is shown with its stack. Names in the texts are escaped when they are shown.
 */
export class WhisperError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly place: Place | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    hint: string,
    more: { place?: Place | undefined; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(printable(message), more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'WhisperError';
    this.code = code;
    this.hint = printable(hint);
    this.place = more.place;
    this.details = more.details ?? {};
  }

  get exitCode(): number {
    return EXIT_OF[this.code];
  }
}

/** A hint as the continuation of a sentence. */
export function uncapitalized(hint: string): string {
  return /^(?!Nix )[A-Z][a-z]+ /.test(hint) ? hint.charAt(0).toLowerCase() + hint.slice(1) : hint;
}

/** A spot in a text file: line and column count from 1, the column in characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The source line with the spot underlined on the line after it. */
  readonly excerpt: string;
}

/** `FILE:LINE:COLUMN`, as editors and compilers write it. */
export function placeText({ file, line, column }: Pick<Place, 'file' | 'line' | 'column'>): string {
  return `${file}:${line}:${column}`;
}

const EXIT_OF = {
  usage: EXIT.usage,
  'unknown-model': EXIT.usage,
  'bad-model-name': EXIT.usage,
  'bad-catalogue': EXIT.usage,
  'registry-not-found': EXIT.registry,
  'registry-exists': EXIT.registry,
  'registry-unreadable': EXIT.registry,
  'registry-syntax': EXIT.registry,
  'registry-no-list': EXIT.registry,
  'registry-ambiguous': EXIT.registry,
  'registry-computed': EXIT.registry,
  'registry-eval': EXIT.registry,
  'registry-bad-source': EXIT.registry,
  'nix-missing': EXIT.registry,
  'registry-bad-name': EXIT.registry,
  'registry-unknown-model': EXIT.registry,
  'registry-empty': EXIT.registry,
  'registry-read-only': EXIT.registry,
  'registry-edit-refused': EXIT.registry,
  'models-dir-unknown': EXIT.registry,
  'bad-lock-file': EXIT.registry,
  'lock-file-read-only': EXIT.registry,
  'root-unreadable': EXIT.registry,
  'hub-unreachable': EXIT.hub,
  'hub-offline': EXIT.hub,
  'hub-not-found': EXIT.hub,
  'hub-needs-token': EXIT.hub,
  'hub-gated': EXIT.hub,
  'hub-refused': EXIT.hub,
  'hub-rate-limited': EXIT.hub,
  'hub-broken': EXIT.hub,
  'push-failed': EXIT.hub,
  intercepted: EXIT.integrity,
  'bad-narinfo': EXIT.integrity,
  'stale-pin': EXIT.integrity,
  'wrong-bytes': EXIT.integrity,
  'wrong-file': EXIT.integrity,
  'no-space': EXIT.disk,
  'no-permission': EXIT.disk,
  'disk-failure': EXIT.disk,
  'file-unreadable': EXIT.disk,
  busy: EXIT.busy,
  'registry-busy': EXIT.busy,
  interrupted: EXIT.interrupted,
  terminated: EXIT.terminated,
} as const;
