import assert from 'node:assert/strict';
import { toSri } from '../../src/core/catalogue/sha256-forms.ts';
import type { HubProject } from './hub-project.ts';

/** The lock file of a scratch project. */
export const LOCK = 'nix/whisper-models.lock.json';

/** The entry that a model of a project's hub is locked with. */
export function lockEntry({ models }: HubProject, name: string): Readonly<Record<string, unknown>> {
  const { entry } = models[name] ?? assert.fail();
  return { ...entry, sha256: toSri(entry.sha256) };
}

/** The text of a lock file with nothing but these models, in this order. */
export function lockText(project: HubProject, ...names: readonly string[]): string {
  const document = { version: 1, models: names.map((name) => lockEntry(project, name)) };
  return `${JSON.stringify(document, null, 2)}\n`;
}
