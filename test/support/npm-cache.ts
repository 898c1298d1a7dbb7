import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A package that is installed here, as the archive in npm's cache that it came from. */
export interface Archive {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

interface InstalledLock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
}

const ROOT = resolve(import.meta.dirname, '../../..');

let folder: string | undefined;

/** The folder of npm's cache. */
export function npmCache(): string {
  return (folder ??= execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim());
}

/** The archives of all packages that are installed here, or in another folder of this checkout. */
export function archives(inFolder = '.'): readonly Archive[] {
  const installed = join(ROOT, inFolder, 'node_modules/.package-lock.json');
  const { packages } = JSON.parse(readFileSync(installed, 'utf8')) as InstalledLock;
  return Object.entries(packages).map(([path, { version, integrity = '' }]) => {
    const [algorithm = '', hash = ''] = integrity.split('-');
    const hex = Buffer.from(hash, 'base64').toString('hex');
    const place = [algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
    return {
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      path: join(npmCache(), '_cacache/content-v2', ...place),
    };
  });
}

/** Why nothing can be built from npm's cache: a package of it is not there, like on a machine that had another user run `npm ci`. */
export function cacheLacks(inFolder = '.'): string | undefined {
  try {
    for (const { path } of archives(inFolder)) accessSync(path, constants.R_OK);
    return undefined;
  } catch {
    return `npm's cache lacks packages of ${join(inFolder, 'package-lock.json')}: npm ci in its folder adds them`;
  }
}
