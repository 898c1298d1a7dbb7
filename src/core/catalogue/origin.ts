/** A file of a repository on the hub. */
export interface HubFile {
  readonly repo: string;
  /** A commit, branch or tag. */
  readonly revision: string;
  /** Where it is in the repository; `undefined`: under the model's own name. */
  readonly path?: string | undefined;
  readonly url?: undefined;
}

/** A file on any other server. */
export interface WebFile {
  readonly url: string;
  readonly repo?: undefined;
  readonly revision?: undefined;
  readonly path?: undefined;
}

/** Where the bytes of a model come from. */
export type Origin = HubFile | WebFile;

/** The fields of an origin, of which a record has `url` too where `repo` is given: that of the server which answered. */
export interface OriginFields {
  readonly repo?: string | undefined;
  readonly revision?: string | undefined;
  readonly path?: string | undefined;
  readonly url?: string | undefined;
}

export const ORIGIN_FIELDS = ['repo', 'revision', 'path', 'url'] as const satisfies readonly (keyof OriginFields)[];

/** The origin among the fields of an entry, a record or a journal. */
export function originOf(fields: OriginFields): Origin {
  const { repo, revision = '', path, url = '' } = fields;
  return repo === undefined ? { url } : { repo, revision, ...(path !== undefined && { path }) };
}

/** Whether two origins are one file of one commit or branch, or one address. */
export function isSameOrigin(a: Origin, b: Origin): boolean {
  return a.repo === b.repo && a.revision === b.revision && a.path === b.path && a.url === b.url;
}

/** The repository and its revision, or the address. */
export function describeOrigin({ repo, revision, url }: Origin): string {
  return url ?? `${repo} at ${revision}`;
}

/** The same, in whatever revision of the repository. */
export function isSameFileAt(a: Origin, b: Origin): boolean {
  return a.repo === b.repo && a.path === b.path && a.url === b.url;
}

/** The same origin, at the commit that a revision was found to be. */
export function atCommit(origin: Origin, commit: string | undefined): Origin {
  const { url, ...file } = origin;
  return url === undefined ? { ...(file as HubFile), revision: commit ?? file.revision ?? '' } : { url };
}

/** The path of a model in its repository. */
export function pathOf({ file, path }: { readonly file: string; readonly path?: string | undefined }): string {
  return path ?? file;
}

const REPO = /^[\w.-]+(\/[\w.-]+)?$/;
// Names with slashes between them, none of which leads out of the repository.
const SEGMENT = /^(?!\.{1,2}$)[^/\\?#\p{Cc}\p{Cs}]+$/u;

export function isRepo(value: unknown): value is string {
  return typeof value === 'string' && REPO.test(value);
}

export function isRepoPath(value: unknown): value is string {
  return typeof value === 'string' && value.split('/').every((segment) => SEGMENT.test(segment));
}

export function isOrigin({ repo, revision, path, url }: Origin): boolean {
  if (url !== undefined) return isWebAddress(url);
  return isRepo(repo) && revision !== '' && (path === undefined || isRepoPath(path));
}

/** Whether a text is the address of a file on a web server, without user name and password. */
export function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Whether it always has the same bytes, as far as the address tells: a commit. */
export function isFixed({ revision, url }: Origin): boolean {
  return url !== undefined || isCommit(revision);
}

/** Whether a revision is a commit, and so always the same one; branches and tags move. */
export function isCommit(revision: string | undefined): boolean {
  return revision !== undefined && /^[0-9a-f]{40}$/.test(revision);
}
