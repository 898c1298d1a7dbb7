import { createHash } from 'node:crypto';
import { hubError, jsonAnswer, type Answer, type Headers, type Seen } from './answer.ts';
import type { HubFile } from './repos.ts';
import { entryNotFound, findRevision, segmentsOf, unquoted, type World } from './world.ts';

const VERBS = new Set(['revision', 'tree', 'paths-info']);

/** `/api/models/{repo}` and the paths below it: names, sizes and digests of files. */
export async function apiAnswer(world: World, request: Seen): Promise<Answer> {
  const segments = segmentsOf(request.url).slice(2);
  const at = [2, 1].find((index) => VERBS.has(segments[index] ?? '')) ?? segments.length;
  const repo = segments.slice(0, at).join('/');
  const verb = segments[at];
  const revision = unquoted(segments[at + 1] ?? 'main');
  const found = findRevision(world, request, 'api', { repo, revision });
  if ('error' in found) return found.error;

  const files = [...(found.repo.commits.get(found.commit)?.values() ?? [])];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const rest = segments
    .slice(at + 2)
    .map(unquoted)
    .join('/');
  if (verb === 'tree') return treeAnswer(world, request.url, found.commit, files, rest);
  if (verb === 'paths-info') {
    if (request.method !== 'POST') return hubError({ status: 404, message: 'Not Found' }, 'api');
    const paths = pathsIn(await request.text(), request.headers['content-type'] ?? '');
    const entries = entriesOf(files, '', true, false).filter((entry) => paths.includes(entry.path));
    return jsonAnswer(entries);
  }
  const blobs = ['1', 'true'].includes(request.url.searchParams.get('blobs') ?? '');
  return jsonAnswer({
    _id: found.repo.id,
    id: repo,
    modelId: repo,
    sha: found.commit,
    private: world.access.isPrivate(repo),
    gated: world.access.gated(repo),
    disabled: false,
    lastModified: '2024-10-29T17:51:00.000Z',
    siblings: files.map((file) => (blobs ? sibling(file) : { rfilename: file.path })),
  });
}

interface TreeEntry {
  readonly type: 'file' | 'directory';
  readonly oid: string;
  readonly size: number;
  readonly path: string;
  readonly lfs?: { oid: string; size: number; pointerSize: number };
  readonly xetHash?: string;
  readonly lastCommit?: { id: string; title: string; date: string };
  readonly securityFileStatus?: { status: string };
}

function treeAnswer(world: World, url: URL, commit: string, files: HubFile[], under: string): Answer {
  const flag = (name: string): boolean => ['1', 'true'].includes(url.searchParams.get(name) ?? '');
  const expand = flag('expand');
  const entries = entriesOf(files, under === '' ? '' : `${under}/`, flag('recursive'), expand);
  if (entries.length === 0 && under !== '') return entryNotFound(commit, 'api');

  const page = world.pageSize ?? (Number(url.searchParams.get('limit')) || (expand ? 50 : 1000));
  const cursor = Buffer.from(url.searchParams.get('cursor') ?? '', 'base64url').toString();
  const start = Number(/^from (\d+)$/.exec(cursor)?.[1] ?? 0);
  const end = start + page;
  const headers: Headers = end < entries.length ? { link: nextLink(world, url, end) } : {};
  return jsonAnswer(entries.slice(start, end), headers);
}

function nextLink({ endpoint }: World, url: URL, from: number): string {
  const next = new URL(url.pathname + url.search, endpoint);
  next.searchParams.set('cursor', Buffer.from(`from ${from}`).toString('base64url'));
  return `<${next.href}>; rel="next"`;
}

function entriesOf(files: HubFile[], under: string, recursive: boolean, expand: boolean): TreeEntry[] {
  const inside = files.filter((file) => file.path.startsWith(under));
  const nested = inside.flatMap((file) => {
    const names = file.path.slice(under.length).split('/').slice(0, -1);
    return names.map((_, index) => under + names.slice(0, index + 1).join('/'));
  });
  const shown = (path: string): boolean => recursive || !path.slice(under.length).includes('/');
  const directories = [...new Set(nested)].filter(shown).map((path) => directoryEntry(path));
  const entries: TreeEntry[] = [
    ...directories,
    ...inside.filter((file) => shown(file.path)).map((file) => fileEntry(file)),
  ];
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return expand ? entries.map(expanded) : entries;
}

function fileEntry(file: HubFile): TreeEntry {
  const { blob, path, kind } = file;
  const base = { type: 'file', size: blob.source.size, path } as const;
  if (kind === 'git') return { ...base, oid: blob.gitSha1() };
  const { oid, size: pointerSize } = pointerOf(file);
  const lfs = { oid: blob.sha256(), size: base.size, pointerSize };
  return { ...base, oid, lfs, xetHash: blob.xetHash() };
}

function directoryEntry(path: string): TreeEntry {
  return {
    type: 'directory',
    oid: createHash('sha1').update(`tree ${path}`).digest('hex'),
    size: 0,
    path,
  };
}

function expanded(entry: TreeEntry): TreeEntry {
  const id = createHash('sha1').update(`commit ${entry.path}`).digest('hex');
  const lastCommit = { id, title: `Add ${entry.path}`, date: '2024-10-29T17:51:00.000Z' };
  if (entry.type === 'directory') return { ...entry, lastCommit };
  return { ...entry, lastCommit, securityFileStatus: { status: 'safe' } };
}

/** The same digest has another name here than in the tree. */
function sibling(file: HubFile): Record<string, unknown> {
  const { blob, path, kind } = file;
  const { size } = blob.source;
  if (kind === 'git') return { rfilename: path, size, blobId: blob.gitSha1() };
  const pointer = pointerOf(file);
  const lfs = { sha256: blob.sha256(), size, pointerSize: pointer.size };
  return { rfilename: path, size, blobId: pointer.oid, lfs };
}

/** What git itself holds of a large file is three lines of text. */
function pointerOf({ blob }: HubFile): { oid: string; size: number } {
  const lines = [
    'version https://git-lfs.github.com/spec/v1',
    `oid sha256:${blob.sha256()}`,
    `size ${blob.source.size}`,
  ];
  const text = `${lines.join('\n')}\n`;
  const oid = createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
  return { oid, size: text.length };
}

/** One client sends JSON, another a form with `paths` repeated. */
function pathsIn(body: string, type: string): string[] {
  if (!type.includes('json')) return new URLSearchParams(body).getAll('paths');
  const parsed: unknown = JSON.parse(body);
  const paths = typeof parsed === 'object' && parsed !== null && 'paths' in parsed ? parsed.paths : [];
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}
