import { createHash } from 'node:crypto';
import { blobOf, type Blob, type Content } from './content.ts';

export type FileKind = 'lfs' | 'git';

export interface HubFile {
  readonly repo: string;
  readonly path: string;
  readonly revision: string;
  readonly kind: FileKind;
  readonly blob: Blob;
}

export interface Repo {
  readonly name: string;
  readonly id: string;
  /** Commit (40 hex) to path to file. */
  readonly commits: Map<string, Map<string, HubFile>>;
  /** Branches, tags and `refs/pr/1` to commit. */
  readonly refs: Map<string, string>;
}

export interface PutFile {
  readonly repo: string;
  readonly path: string;
  readonly content: Content;
  /** 40 hex digits. The first revision of a repository becomes its `main`. */
  readonly revision?: string;
  readonly kind?: FileKind;
}

export const DEFAULT_REVISION = '5359861c739e955e79d9a303bcbc70fb988958b1';

/** Everything the hub holds, and where the content server finds it. */
export class Repos {
  readonly #repos = new Map<string, Repo>();
  readonly #renamed = new Map<string, string>();
  readonly #stored = new Map<string, HubFile>();

  put({ repo: name, path, content, revision = DEFAULT_REVISION, kind = 'lfs' }: PutFile): HubFile {
    if (!/^[0-9a-f]{40}$/.test(revision)) throw new Error(`not a commit: ${revision}`);
    const repo = this.#repos.get(name) ?? emptyRepo(name);
    this.#repos.set(name, repo);
    const files = repo.commits.get(revision) ?? new Map<string, HubFile>();
    repo.commits.set(revision, files);
    if (!repo.refs.has('main')) repo.refs.set('main', revision);
    const file: HubFile = { repo: name, path, revision, kind, blob: blobOf(content) };
    files.set(path, file);
    return file;
  }

  point(name: string, ref: string, revision: string): void {
    const repo = this.#repos.get(name);
    if (!repo?.commits.has(revision)) throw new Error(`${name} has no revision ${revision}`);
    repo.refs.set(ref, revision);
  }

  rename(from: string, to: string): void {
    this.#renamed.set(from, to);
  }

  renamed(name: string): string | undefined {
    return this.#renamed.get(name);
  }

  find(name: string): Repo | undefined {
    return this.#repos.get(name);
  }

  /** Makes the bytes of a file reachable on the content server, and returns their path there. */
  store(file: HubFile): string {
    const path = `/xet-bridge-us/${repoId(file.repo)}/${file.blob.xetHash()}`;
    this.#stored.set(path, file);
    return path;
  }

  stored(path: string): HubFile | undefined {
    return this.#stored.get(path);
  }
}

export function commitOf(repo: Repo, revision: string): string | undefined {
  return repo.commits.has(revision) ? revision : repo.refs.get(revision);
}

function emptyRepo(name: string): Repo {
  return { name, id: repoId(name), commits: new Map(), refs: new Map() };
}

function repoId(name: string): string {
  return createHash('sha1').update(name).digest('hex').slice(0, 24);
}
