/** What runs a model: whisper, parakeet or voice activity. */
export type ModelKind = 'model' | 'parakeet' | 'vad';

/** Whether a file is a model of any kind, complete or not. */
export function isModel<T extends { readonly kind: string }>(
  identity: T,
): identity is T & { readonly kind: ModelKind } {
  return ['model', 'parakeet', 'vad'].includes(identity.kind);
}
