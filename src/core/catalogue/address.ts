import { isRepo, isRepoPath, type HubFile, type Origin } from './origin.ts';

/** The hub's own hosts. A mirror that the user has set up serves the same files: addresses in a registry are those of the hub. */
const HUB = 'https://huggingface.co';
const HUB_HOSTS: ReadonlySet<string> = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co']);

/** Whether an address is one of the hub or of the mirror that is set up in place of it. */
export function isHubAddress({ host, origin }: URL, endpoint: URL): boolean {
  return HUB_HOSTS.has(host) || (origin === endpoint.origin && HUB_HOSTS.has(endpoint.host));
}

/** The origin that an address means: a file of the hub in any of the forms of its pages, else the address itself. */
export function originOfUrl(address: URL, endpoint?: URL): Origin {
  const { href } = address;
  return hubFileOf(address, endpoint) ?? { url: href.replace(/#.*$/, '') };
}

/** `…/OWNER/REPO/resolve/REVISION/PATH`, or with `blob` or `raw`; `undefined`: it is not the address of a model of the hub. */
export function hubFileOf({ protocol, host, origin, pathname }: URL, endpoint?: URL): HubFile | undefined {
  const isPublic = protocol === 'https:' && HUB_HOSTS.has(host);
  const isMirror = endpoint !== undefined && origin === endpoint.origin;
  if (!isPublic && !isMirror) return undefined;
  const base = isMirror ? endpoint.pathname.replace(/\/+$/, '') : '';
  const segments = pathname.startsWith(`${base}/`) ? decoded(pathname.slice(base.length + 1)) : undefined;
  const at = segments?.findIndex((segment) => /^(resolve|blob|raw)$/.test(segment)) ?? -1;
  if (!segments || at < 1) return undefined;
  const [first = '', second, third] = segments.slice(at + 1);
  const isReference = first === 'refs' && /^(pr|convert)$/.test(second ?? '') && third !== undefined;
  const revision = isReference ? `${first}/${second}/${third}` : first;
  const [repo, path] = [segments.slice(0, at).join('/'), segments.slice(at + (isReference ? 4 : 2)).join('/')];
  return isRepo(repo) && revision !== '' && isRepoPath(path) ? { repo, revision, path } : undefined;
}

/** `OWNER/REPO/PATH` or `OWNER/REPO/PATH@REVISION`, the branch `main` by default; `undefined`: it is not of that form. */
export function readShortForm(given: string): HubFile | undefined {
  const [, repo, path, revision = 'main'] = /^([^/]+\/[^/]+)\/(.+?)(?:@([^@]+))?$/.exec(given) ?? [];
  return isRepo(repo) && isRepoPath(path) ? { repo, revision, path } : undefined;
}

/** The address of an origin, as a registry has it. */
export function addressOf(origin: Origin, file: string): string {
  if (origin.url !== undefined) return origin.url;
  const { repo, revision, path = file } = origin;
  return `${HUB}/${repo}/resolve/${encodeURIComponent(revision)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function decoded(path: string): readonly string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
