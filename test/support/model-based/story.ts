import assert from 'node:assert/strict';
import type { Scratch } from '../scratch.ts';
import { beginning, countingList, isFile, listedElsewhere, type Expected, type Letter } from './expected.ts';
import { happen } from './outside.ts';
import { fileName, Place, shortNameOf } from './place.ts';
import { predict, type Command, type Prediction } from './predict.ts';
import { OWN } from './steps.ts';

type Document = Readonly<Record<string, unknown>>;

/** Plays a story in an empty scratch folder; throws where the program does not do what the rules say. */
export async function play(scratch: Scratch, hub: string, steps: readonly string[]): Promise<void> {
  const story = new Story(new Place(scratch), hub);
  for (const step of steps) await story.step(step);
  await story.end();
}

class Story {
  readonly #place: Place;
  readonly #expected: Expected = beginning();
  readonly #hub: string;

  constructor(place: Place, hub: string) {
    this.#place = place;
    this.#hub = hub;
    for (const letter of ['A', 'B'] as const) place.writeRegistry(letter, this.#expected.registries[letter].active);
  }

  async step(step: string): Promise<void> {
    const [first = '', ...rest] = step.split(' ');
    if (first === 'A' || first === 'B') await this.#run(first, rest, step);
    else happen(this.#place, this.#expected, [first, ...rest]);
  }

  /** The hub is back and the registries can be read: now all that is listed comes, where nothing is in the way. */
  async end(): Promise<void> {
    await this.step('hub-back');
    for (const letter of ['A', 'B'] as const) await this.step(`repair ${letter}`);
    for (const letter of ['A', 'B'] as const) await this.step(`comment ${letter} ${OWN}`);
    await this.step('A sync --allow-empty');
    await this.step('B sync --allow-empty');
    await this.step('A sync --allow-empty');
    for (const letter of ['A', 'B'] as const) this.#assertConverged(letter);
    await this.step('A sync --allow-empty --dry-run --exit-code');
    await this.step('B sync --allow-empty --dry-run --exit-code');
  }

  async #run(by: Letter, words: readonly string[], step: string): Promise<void> {
    const place = this.#place;
    const [name = '', ...operands] = words;
    const options = new Set(operands.filter((word) => word.startsWith('--')));
    const command: Command = { by, name, models: operands.filter((word) => !word.startsWith('--')), options };
    const before = place.glance();
    const safe = this.#activeAndComplete();
    const prediction = predict(this.#expected, command);
    const env = {
      HF_ENDPOINT: this.#expected.isHubThere ? this.#hub : 'http://127.0.0.1:9',
      WHISPER_CATALOG: `${place.scratch.path}/catalogue.json`,
    };
    const ran = await place.scratch.run([...words, '--json', '-f', place.registry(by)], { env });
    const output = `${step}: ${ran.stdout}${ran.stderr}`;
    assert.equal(ran.code, prediction.code, `exit code of ${output}`);
    assert.match(ran.stdout, /^\{[^\n]*\}\n$/, `one document from ${output}`);
    this.#assertSaid(JSON.parse(ran.stdout) as Document, prediction, output);
    if (!prediction.acts) assert.equal(place.glance(), before, `nothing changes by ${output}`);
    for (const each of safe)
      assert.equal(place.thing(each)?.kind, 'right', `${each} is active and was lost by ${output}`);
    this.#assertAsExpected(prediction, output);
  }

  /** What must never be lost, whatever the program is asked to do. */
  #activeAndComplete(): readonly string[] {
    const { roots, things } = this.#expected;
    const listed = [...roots.keys()].flatMap((root) => [...countingList(this.#expected, root)]);
    return listed.filter((name) => things.get(name)?.kind === 'right');
  }

  #assertSaid(document: Document, { code, says = {} }: Prediction, output: string): void {
    if (code !== 0 && code !== 8 && code !== 5) assert.ok('error' in document, output);
    const drift = document['drift'] as Document | undefined;
    for (const [field, names] of Object.entries(says)) {
      const rows = (drift ?? document)[field] as readonly (string | { readonly name: string })[];
      const said = rows.map((row) => shortNameOf(typeof row === 'string' ? row : row.name));
      assert.deepEqual(said.toSorted(), names.toSorted(), `${field} of ${output}`);
    }
  }

  #assertAsExpected({ fetched = [] }: Prediction, output: string): void {
    const place = this.#place;
    const { things, registries, roots, partials } = this.#expected;
    assert.deepEqual(place.names(), [...things.keys()].toSorted(), `the files that are there after ${output}`);
    for (const [name, thing] of things) {
      const found = place.thing(name);
      // The time of a new file is not predictable.
      if (thing.mtime === undefined || fetched.includes(name)) thing.mtime = found?.mtime;
      const { noted: _, ...seen } = thing;
      assert.deepEqual(found, seen, `${name} after ${output}`);
      if (fetched.includes(name))
        assert.ok(place.notes('records').includes(`${fileName(name)}.json`), `a record of ${name} after ${output}`);
    }
    for (const letter of ['A', 'B'] as const) {
      const { active, text } = registries[letter];
      if (text !== 'gone') assert.deepEqual(place.listed(letter), [...active].toSorted(), `${letter} after ${output}`);
    }
    assert.equal(place.aside(), this.#expected.aside, `files that were set aside after ${output}`);
    assert.deepEqual(place.lies(), [], `records that lie after ${output}`);
    assert.deepEqual(place.roots(), [...roots.keys()].toSorted(), `roots after ${output}`);
    const left = new Set(place.partials());
    assert.deepEqual(
      [...left].filter((name) => !partials.has(name)),
      [],
      `partial files that should be gone after ${output}`,
    );
    // A download that fails may leave one, if anything had come.
    for (const name of partials) if (!left.has(name)) partials.delete(name);
  }

  #assertConverged(letter: Letter): void {
    const { things, registries } = this.#expected;
    const { active } = registries[letter];
    const isInTheWay = [...active].some((name) =>
      ['folder', 'dangling', 'short'].includes(things.get(name)?.kind ?? ''),
    );
    if (isInTheWay) return;
    for (const name of active) assert.ok(isFile(this.#place.thing(name)), `${name} is listed and did not come`);
    const elsewhere = listedElsewhere(this.#expected, letter) ?? new Set();
    for (const name of this.#place.names()) {
      const isManaged = this.#place.thing(name)?.kind === 'right';
      assert.ok(!isManaged || active.has(name) || elsewhere.has(name), `${name} is listed nowhere and still there`);
    }
  }
}
