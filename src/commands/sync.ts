import { reconcile, type ReconcileOptions, type ReconcileResult } from './reconcile.ts';
import type { Context } from './session.ts';

/** Makes the folder equal to the list: prunes, then fetches what is active and missing. */
export async function sync(context: Context, options: ReconcileOptions): Promise<ReconcileResult> {
  return reconcile(context, options, {
    wanted: ({ active }) => active.map(({ name }) => name),
    register: false,
    onEmptyList: 'refuse',
  });
}
