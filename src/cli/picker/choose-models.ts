import { openChoice } from '../../commands/choice.ts';
import type { Context } from '../../commands/session/session.ts';
import { noModelChosen, selectionCancelled } from '../../core/messages/usage.ts';
import type { Invocation } from '../../commands/definition.ts';
import { transferOptions } from '../../commands/option-values.ts';
import type { Outcome } from '../outcome.ts';
import { toJsonError } from '../../adapters/terminal/error.ts';
import { styleFor } from '../../adapters/terminal/style.ts';
import { chooseFromMenu } from './menu.ts';
import { canPick, pickModels } from './pick.ts';

/** The same invocation with the models that somebody chose: in a picker on a terminal, from a numbered menu elsewhere. */
export async function chooseModels(context: Context, invocation: Invocation): Promise<Invocation | Outcome> {
  const { host } = context;
  const { options } = invocation;
  const isPruning = options['no-prune'] !== true;
  const choice = await openChoice(context, {
    ...transferOptions(options),
    prune: isPruning,
    refetch: options.force === true,
  });
  const style = styleFor(host.stderr, host.environment, options['no-color'] === true);
  const picked = canPick(host)
    ? await pickModels(host, choice, { isPruning, style, leavesLine: options.quiet !== true })
    : undefined;
  // Ctrl-C ends the picker and there is no more to say; any other signal is told, as everywhere.
  if (host.signal.aborted && host.signal.reason !== 'SIGINT') host.signal.throwIfAborted();
  if (picked === 'ended') throw noModelChosen();
  const isDryRun = options['dry-run'] === true;
  const chosen = picked ?? (await chooseFromMenu(host, choice, { isPruning, isDryRun, style }));
  if (chosen !== 'given up') return { ...invocation, operands: chosen };
  const error = selectionCancelled();
  return { json: { error: toJsonError(error) }, text: '', exitCode: error.exitCode };
}
