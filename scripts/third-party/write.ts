import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { licensesText, packageFolders, type BundledPackage, type BundleFacts } from './licenses.ts';

// A step of the build, after the bundles.
const ROOT = resolve(import.meta.dirname, '../../..');
const facts = JSON.parse(readFileSync(join(ROOT, 'dist/parts/metafile.json'), 'utf8')) as BundleFacts;
const compiled = readdirSync(join(ROOT, 'wasm/licenses')).map(readCompiled);
const licenses = licensesText([...packageFolders(facts).map(read), ...compiled]);
writeFileSync(join(ROOT, 'dist/bin/THIRD-PARTY-LICENSES'), licenses);

/** What the parser is compiled from: a file with the name and the version on its first line. */
function readCompiled(file: string): BundledPackage {
  const [head = '', ...license] = readFileSync(join(ROOT, 'wasm/licenses', file), 'utf8').split('\n');
  const [name = '', version = ''] = head.split(' ');
  return { name, version, license: license.join('\n') };
}

function read(folder: string): BundledPackage {
  const path = join(ROOT, folder);
  const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as BundledPackage;
  const file = readdirSync(path).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  if (file === undefined) throw new Error(`${name} comes without its license`);
  return { name, version, license: readFileSync(join(path, file), 'utf8') };
}
