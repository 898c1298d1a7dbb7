import fc from 'fast-check';

/** The models of the catalogue, and their sizes; two are quantisations of one base. */
export const SIZES: Readonly<Record<string, number>> = {
  'tiny.en': 1000,
  'base.en-q5_1': 1500,
  'base.en-q8_0': 2000,
  small: 2500,
  'medium-q5_0': 3000,
};

/** A fine-tune of the user, which is not in the catalogue. */
export const OWN = 'my-own';

const known = fc.constantFrom(...Object.keys(SIZES));
const any = fc.constantFrom(...Object.keys(SIZES), OWN);
const registry = fc.constantFrom('A', 'A', 'B');

function words(...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((each) => each.filter((word) => word !== '').join(' '));
}

function options(...names: readonly string[]): fc.Arbitrary<string> {
  return fc.subarray([...names]).map((chosen) => chosen.map((name) => `--${name}`).join(' '));
}

function just(text: string): fc.Arbitrary<string> {
  return fc.constant(text);
}

function command(name: string, ...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return words(registry, just(name), ...parts);
}

const some = fc.uniqueArray(known, { minLength: 1, maxLength: 2 }).map((names) => names.join(' '));
// What is given rarely is rarely what hides the rest.
const dry = fc.constantFrom('', '', '', '--dry-run', '--dry-run --exit-code');

const commands = fc.oneof(
  command('add', any),
  command('remove', any, options('delete')),
  { weight: 4, arbitrary: command('download', some, options('no-prune', 'no-register', 'force'), dry) },
  command('download', any),
  { weight: 4, arbitrary: command('sync', options('allow-empty', 'unmanaged'), dry) },
  { weight: 4, arbitrary: command('prune', options('allow-empty', 'unmanaged'), dry) },
  { weight: 2, arbitrary: command('verify', options('repair')) },
  command('list'),
  command('check'),
);

const events = fc.oneof(
  words(fc.constantFrom('delete', 'put', 'link', 'dangle', 'folder'), any),
  words(fc.constantFrom('corrupt', 'cut', 'put'), known),
  words(fc.constantFrom('lose-record', 'spoil-record', 'leave-partial'), known),
  words(fc.constantFrom('comment', 'restore'), registry, any),
  words(fc.constantFrom('empty', 'break', 'lose', 'repair', 'repair'), registry),
  fc.constantFrom('hub-away', 'hub-back', 'hub-back'),
);

/**
 * What happens to one models directory, a line each: `A sync` is a command with the registry A, `cut tiny.en` is something
 * that another process does.
 */
export const stories: fc.Arbitrary<readonly string[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: commands }, { weight: 2, arbitrary: events }),
  { minLength: 5, maxLength: 12, size: 'max' },
);
