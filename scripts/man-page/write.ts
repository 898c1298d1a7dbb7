import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { manPage } from './page.ts';

// A step of the build: the page lies where package.json says.
const ROOT = resolve(import.meta.dirname, '../../..');
const { version, bin, man } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly man: readonly [string];
};
// The same source gives the same page, where a build says which day it is.
const epoch = process.env['SOURCE_DATE_EPOCH'];
const day = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);

const target = resolve(ROOT, man[0]);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, manPage({ version, date: day.toISOString().slice(0, 10), programs: Object.keys(bin) }));
