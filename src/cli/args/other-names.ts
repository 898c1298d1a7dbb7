import { COMMANDS } from '../../commands/index.ts';
import { nearest } from '../../core/catalogue/suggest.ts';
import { shellValue } from '../../core/shell-value.ts';

/**
 * The command line that was probably meant; `undefined`: nothing is similar. `rest`: the other arguments; `before`: the words
 * before the command.
 */
export function correctedLine(name: string, rest: readonly string[], ...before: readonly string[]): string | undefined {
  const names = COMMANDS.map((command) => command.name);
  const meant = otherNames().get(name) ?? nearest(name, names, 1)[0];
  if (meant === undefined) return undefined;
  return ['whisper', ...before, meant, ...rest.filter((word) => word !== '--json').map(shellValue)].join(' ');
}

/** Command lines, by what other programs call the command. */
function otherNames(): ReadonlyMap<string, string> {
  return new Map(
    COMMANDS.flatMap(({ name, otherNames: others = [] }) =>
      others.map((other) => (typeof other === 'string' ? [other, name] : [other[0], `${name} ${other[1]}`])),
    ),
  );
}
