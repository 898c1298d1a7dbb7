import { reconcile, type ReconcileOptions, type ReconcileResult } from './apply/apply.ts';
import type { Context } from './session/session.ts';

/** Makes the folder equal to the list: prunes, then fetches what is active and missing. */
export async function sync(context: Context, options: ReconcileOptions): Promise<ReconcileResult> {
  return reconcile(context, options, {
    wanted: ({ active }) => active.map(({ name }) => name),
    register: false,
    onEmptyList: 'refuse',
  });
}
