import type { Host } from '../../adapters/process/host.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import type { Choice, ChooserSettings } from '../../commands/download/choice.ts';
import { noModelChosen } from '../../core/messages/usage.ts';
import { chooseFromMenu } from './menu.ts';
import { canPick, pickModels } from './pick.ts';

/** Lets the user choose: in a picker on a terminal, from a numbered menu elsewhere. `undefined`: the user cancelled. */
export async function chooseModels(
  host: Host,
  style: Style,
  choice: Choice,
  { isPruning, isDryRun, isQuiet }: ChooserSettings,
): Promise<readonly string[] | undefined> {
  const picked = canPick(host) ? await pickModels(host, choice, { isPruning, style, leavesLine: !isQuiet }) : undefined;
  // Ctrl-C ends the picker without a message; other signals are reported as everywhere.
  if (host.signal.aborted && host.signal.reason !== 'SIGINT') host.signal.throwIfAborted();
  if (picked === 'ended') throw noModelChosen();
  const chosen = picked ?? (await chooseFromMenu(host, choice, { isPruning, isDryRun, style }));
  return chosen === 'given up' ? undefined : chosen;
}
