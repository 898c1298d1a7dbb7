import { requireModel } from '../core/catalogue/catalogue.ts';
import { reconcile, type ReconcileOptions, type ReconcileResult } from './apply/apply.ts';
import type { Context } from './session/session.ts';

export interface DownloadOptions extends ReconcileOptions {
  readonly models: readonly string[];
  readonly register: boolean;
}

/** Prunes first, then fetches, verifies and registers each model. */
export async function download(context: Context, options: DownloadOptions): Promise<ReconcileResult> {
  return reconcile(context, options, {
    wanted: ({ catalogue }) => [...new Set(options.models.map((model) => requireModel(model, catalogue)))],
    register: options.register,
    onEmptyList: 'keep',
  });
}
