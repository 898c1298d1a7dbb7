import { findProgram } from '../../test/support/needs.ts';
import { describeMachine, HEAD } from './report.ts';
import { HIDDEN, SCENARIOS } from './scenarios.ts';

/** Prints the table of downloads: all scenarios, or the named ones. */
export async function transferTable(wanted: readonly string[], print: (text: string) => void): Promise<void> {
  const known = { ...SCENARIOS, ...HIDDEN };
  for (const name of wanted)
    if (!(name in known)) throw new Error(`no scenario ${name}: ${Object.keys(SCENARIOS).join(', ')}`);
  for (const [command, name] of [
    ['nginx', 'nginx-light'],
    ['python3', 'python3'],
  ] as const) {
    if (findProgram(command) === undefined)
      return print(`downloads are skipped: the package ${name} is not installed.\n`);
  }
  print(`${describeMachine()}\n\n${HEAD}`);
  const notes: string[] = [];
  for (const name of wanted.length > 0 ? wanted : Object.keys(SCENARIOS)) {
    const measured = await known[name]?.();
    print(measured?.rows ?? '');
    notes.push(...(measured?.notes ?? []));
  }
  if (notes.length > 0) print('\n');
  for (const note of new Set(notes)) print(`- ${note}\n`);
}
