import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { ModelsDir } from '../../../src/adapters/store/models-dir.ts';
import { readLockFile } from '../../../src/core/lockfile/lockfile.ts';
import { hubProject, type HubProject } from '../hub-project.ts';
import { sampleModel } from '../models.ts';
import type { Ran } from '../scratch.ts';
import type { SpawnOptions } from '../run-options.ts';

const KEPT = 'ggml-tiny.en.bin';
const WANTED = 'ggml-base.en.bin';
const OLD = 'ggml-small.bin';
const OLDER = 'ggml-small-q5_1.bin';
const UNDONE = 'ggml-tiny.bin';
const EXPIRED = 'ggml-base.bin';
const OTHERS = 'ggml-medium.bin';
const UNVERIFIED = 'ggml-tiny-q5_1.bin';
const FOREIGN = 'ggml-base-q5_1.bin';
const ENCODER = 'ggml-small-encoder.mlmodelc';
const OWN = 'ggml-own.bin';
const SIZES = {
  [KEPT]: 4000,
  [WANTED]: 9000,
  [OLD]: 3000,
  [OLDER]: 2000,
  [UNDONE]: 2500,
  [EXPIRED]: 1500,
  [OTHERS]: 1200,
  [UNVERIFIED]: 1100,
  [FOREIGN]: 1300,
};
/** As many other bytes as the catalogue has for that name. */
const FOREIGN_BYTES = sampleModel('other bytes', SIZES[FOREIGN]).content;

/**
 * A project in which every step of the program has something to do: a model to fetch, two to prune beside an encoder, an
 * unfinished download that is not listed, files of a watch session that crashed, a fine-tune, two files without a record of
 * which one has the catalogue's bytes, another registry with a model of its own, and one whose file has been missing for long.
 */
export class CrashProject {
  readonly project: HubProject;

  private constructor(project: HubProject) {
    this.project = project;
  }

  static async create(t: TestContext): Promise<CrashProject> {
    const project = await hubProject(t, SIZES, [KEPT, OLD, OLDER, UNDONE, EXPIRED]);
    const { scratch, run } = project;
    assert.equal((await run(['sync'])).code, 0);
    const other = scratch.write('other.nix', `{ activeModels = [ "${OTHERS}" ]; }\n`);
    assert.equal((await run(['sync', '-f', other])).code, 0);
    const gone = { file: join(scratch.path, 'gone/list.nix'), active: [OLD], missingSince: '2020-01-01T00:00:00.000Z' };
    scratch.write('models/.whisper/roots/gone.json', JSON.stringify(gone));
    scratch.writeModel(OWN, Buffer.from('lmgg a fine-tune'));
    await project.place([UNVERIFIED]);
    scratch.writeModel(FOREIGN, FOREIGN_BYTES);
    scratch.write(`models/${ENCODER}/weights/weight.bin`, 'weights');
    scratch.write('models/.whisper/partial/ggml-stale.bin.part', 'half');
    const { undo } = new ModelsDir(scratch.models);
    undo.put(UNDONE);
    undo.put(EXPIRED);
    scratch.writeRegistry([KEPT, UNDONE]);
    assert.equal((await run(['lock'])).code, 0);
    return new CrashProject(project);
  }

  /** Puts the bytes of the wanted model where another project has them. */
  offerElsewhere(): void {
    const { scratch, models } = this.project;
    scratch.write(`.local/share/whisper/models/${WANTED}`, models[WANTED]?.content ?? '');
  }

  /** Puts the wanted model where it belongs, unlisted. */
  placeWanted(): void {
    const { scratch, models } = this.project;
    scratch.writeModel(WANTED, models[WANTED]?.content ?? Buffer.alloc(0));
  }

  /** Gives the registry a second name. */
  linkRegistry(): void {
    linkSync(this.project.scratch.registry, join(this.project.scratch.path, 'linked.nix'));
  }

  /** A watch session that follows one save of the list; ended by a signal after it has pruned, which counts as done. */
  async session(options: SpawnOptions): Promise<Ran> {
    const { scratch } = this.project;
    const child = scratch.start(['watch', '--json'], options);
    let stdout = '';
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (text.includes('"event":"ready"')) scratch.writeRegistry([KEPT, UNDONE, WANTED]);
      if (text.includes('"event":"prune"')) child.kill('SIGTERM');
    });
    const code = await new Promise<number | null>((done) => child.on('close', done));
    return { code: code === 143 ? 0 : code, stdout, stderr };
  }

  /** Whatever happened: what is listed or cannot be had again is whole, nothing unverified has a name, records are true. */
  assertNothingLost(about: string): void {
    const { scratch, models } = this.project;
    const there = new Set([...scratch.modelNames(), ...namesIn(join(scratch.models, '.whisper', 'undo'))]);
    assert.equal(scratch.read(`models/${ENCODER}/weights/weight.bin`), 'weights', about);
    for (const name of [KEPT, UNDONE, OTHERS, OWN]) assert.ok(there.has(name), `${about}: ${name} is lost`);
    assert.equal(scratch.read(`models/${OWN}`), 'lmgg a fine-tune', about);
    // A repair gives it another name.
    const foreign = scratch.modelNames().filter((name) => name.startsWith(FOREIGN) && this.#has(name, FOREIGN_BYTES));
    assert.ok(foreign.length > 0, `${about}: the file with other bytes is lost`);
    const known = scratch.modelNames().filter((name) => name.endsWith('.bin') && ![OWN, ...foreign].includes(name));
    for (const name of known) {
      const content = readFileSync(join(scratch.models, name));
      assert.ok(models[name]?.content.equals(content), `${about}: ${name} is not whole`);
      this.#assertRecord(name, content, about);
    }
    const text = scratch.read(scratch.registry);
    for (const name of [KEPT, UNDONE]) assert.ok(text.includes(`    "${name}"\n`), `${about}: the list\n${text}`);
    const { entries } = readLockFile('', scratch.read('nix/whisper-models.lock.json'));
    const locked = new Set(entries.map(({ file }) => file));
    for (const name of [KEPT, UNDONE]) assert.ok(locked.has(name), `${about}: the lock file`);
    const isListed = text.includes(`    "${WANTED}"\n`);
    assert.ok(isListed || !locked.has(WANTED), `${about}: locked, and not listed`);
  }

  /** After that, `sync` makes the folder equal to the list, and is done. */
  async assertConverges(about: string): Promise<void> {
    const { scratch, run } = this.project;
    const isRegistered = scratch.read(scratch.registry).includes(WANTED);
    const { code, stderr } = await run(['sync']);
    assert.equal(code, 0, `${about}: ${stderr}`);
    const expected = [KEPT, UNDONE, OTHERS, OWN, ...(isRegistered ? [WANTED] : [])];
    const names = scratch.modelNames().filter((name) => name !== ENCODER && !this.#has(name, FOREIGN_BYTES));
    assert.deepEqual(names, expected.toSorted(), about);
    this.assertNothingLost(about);
    assert.equal((await run(['sync', '--dry-run', '--exit-code'])).code, 0, about);
    const left = namesIn(join(scratch.models, '.whisper', 'undo')).filter((name) => name !== 'lock');
    const partial = namesIn(join(scratch.models, '.whisper', 'partial'));
    const beside = namesIn(dirname(scratch.registry)).filter((name) => name.startsWith('.whisper'));
    assert.deepEqual(beside, [], `${about}: left beside the registry`);
    assert.deepEqual([left, partial.filter((name) => name.includes('stale'))], [[], []], about);
  }

  #has(name: string, content: Buffer): boolean {
    const path = join(this.project.scratch.models, name);
    return statSync(path).isFile() && readFileSync(path).equals(content);
  }

  #assertRecord(name: string, content: Buffer, about: string): void {
    const path = join(this.project.scratch.models, '.whisper', 'records', `${name}.json`);
    let record: { mtime: string; size: number; sha256: string };
    try {
      record = JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      assert.ok(
        error instanceof Error && 'code' in error && error.code === 'ENOENT',
        `${about}: ${name}: ${String(error)}`,
      );
      return;
    }
    const { mtime, size } = statSync(join(this.project.scratch.models, name));
    if (record.mtime !== mtime.toISOString() || record.size !== size) return;
    assert.equal(record.sha256, createHash('sha256').update(content).digest('hex'), about);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
