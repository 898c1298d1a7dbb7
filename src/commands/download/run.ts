import { toJsonError } from '../../adapters/terminal/error.ts';
import { selectionCancelled } from '../../core/messages/usage.ts';
import type { Run } from '../definition.ts';
import { transferOptions } from '../option-values.ts';
import { givenModels } from '../session/given-models.ts';

export const run: Run = async (context, { options, operands }) => {
  const settings = {
    ...transferOptions(options),
    prune: options['no-prune'] !== true,
    refetch: options.force === true,
  };
  const { models: named, ...given } = await givenModels(context, operands, options);
  let models: readonly string[] | undefined = named;
  if (operands.length === 0) {
    // The picker appears before what transfers models is loaded.
    const { openChoice } = await import('./choice.ts');
    models = await context.chooseModels(await openChoice(context, settings), {
      isPruning: settings.prune,
      isDryRun: settings.dryRun,
      isQuiet: options.quiet === true,
    });
  }
  if (!models) {
    // The user knows that they cancelled; a program that reads JSON does not.
    const error = selectionCancelled();
    return { json: { error: toJsonError(error) }, text: '', exitCode: error.exitCode };
  }
  const { download } = await import('./reconcile.ts');
  const { envLine, outcomeOf } = await import('./outcome.ts');
  const result = await download(context, {
    ...settings,
    ...given,
    models,
    register: options['no-register'] !== true,
    allowEmpty: false,
    unmanaged: false,
  });
  const outcome = outcomeOf(result, options, context.display);
  if (options.quiet === true || result.dryRun) return outcome;
  return { ...outcome, text: outcome.text + envLine(context.host.program, models, options) };
};
