import { nearest } from '../../core/catalogue/suggest.ts';
import { shellValue } from '../../core/shell-value.ts';
import { COMMANDS } from './command-table.ts';

/** What other programs call these commands. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...['rm', 'del', 'delete', 'uninstall', 'disable'].map((name) => [name, 'remove'] as const),
  ...['get', 'fetch', 'pull', 'install'].map((name) => [name, 'download'] as const),
  ...['ls', 'ps', 'models'].map((name) => [name, 'list'] as const),
  ...['search', 'find', 'available'].map((name) => [name, 'list --all'] as const),
  ...['clean', 'cleanup', 'gc', 'purge', 'autoremove'].map((name) => [name, 'prune'] as const),
  ...['update', 'upgrade', 'apply', 'restore'].map((name) => [name, 'sync'] as const),
  ...['status', 'diff', 'lint'].map((name) => [name, 'check'] as const),
  ...['info', 'show', 'explain'].map((name) => [name, 'why'] as const),
  ...['which', 'where'].map((name) => [name, 'path'] as const),
  ['enable', 'add'],
  ['new', 'init'],
  ['fix', 'check --fix'],
  ['repair', 'verify --repair'],
]);

/**
 * The command line that was probably meant, to be typed as it is; `undefined`: nothing comes near. `rest`: the other arguments;
 * `before`: what stands before the command.
 */
export function correctedLine(name: string, rest: readonly string[], ...before: readonly string[]): string | undefined {
  const meant = OTHER_NAMES.get(name) ?? nearest(name, Object.keys(COMMANDS), 1)[0];
  if (meant === undefined) return undefined;
  return ['whisper', ...before, meant, ...rest.filter((word) => word !== '--json').map(shellValue)].join(' ');
}
