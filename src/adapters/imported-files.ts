import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { importedPaths } from '../core/watch/imported-paths.ts';

/** As many as one registry may be made of, so that a text full of slashes costs little. */
const MOST = 64;

/** Files and folders that a registry's list may be computed from, itself left out; what does not exist yet may come. */
export function importedFiles(file: string): readonly string[] {
  const own = realpathSync(file);
  const reach = dirname(own);
  const found = new Set<string>([own]);
  for (const path of found) {
    const text = path.endsWith('.nix') ? readIfFile(path) : '';
    for (const each of importedPaths(text, dirname(path), reach, resolve)) {
      if (found.size >= MOST) break;
      found.add(each);
      if (existsSync(join(each, 'default.nix'))) found.add(join(each, 'default.nix'));
    }
  }
  found.delete(own);
  return [...found];
}

function readIfFile(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
