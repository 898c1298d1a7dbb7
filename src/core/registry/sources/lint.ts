import type { WhisperError } from '../../errors.ts';
import { sourceWithoutPin, unlistedSource } from '../../messages/diagnostics.ts';
import { Positions } from '../diagnostic.ts';
import type { Diagnostic } from '../lint.ts';
import type { Registry } from '../registry.ts';
import type { ModelSource } from './source.ts';

/**
 * Probable mistakes in `modelSources`: entries that nothing lists, entries without hash or size, and those that contradict other
 * pins, of which `conflicts` has the errors.
 */
export function lintSources(registry: Registry, conflicts: readonly WhisperError[]): readonly Diagnostic[] {
  const { file, text, sources: setting, entries } = registry;
  if (!setting || !('sources' in setting)) return [];
  const positions = new Positions(text);
  const listed = new Set(entries.map(({ name }) => name));
  const placeOf = ({ key }: ModelSource): ReturnType<Positions['at']> =>
    positions.at((setting.written.find((each) => each.key === key)?.name ?? setting.place).start);
  const found = setting.sources.flatMap((source): readonly Diagnostic[] => {
    const place = { file, ...placeOf(source), severity: 'warning' } as const;
    const unlisted = {
      ...place,
      code: 'source-unlisted',
      message: unlistedSource(source.key),
      suggestion: `whisper add ${source.key}`,
    } as const;
    const unpinned = {
      ...place,
      code: 'source-unpinned',
      message: sourceWithoutPin(source.key, source.sha256 === undefined ? 'hash' : 'size'),
      suggestion: 'whisper check --fix',
    } as const;
    const isUnpinned = source.sha256 === undefined || source.size === undefined;
    return [...(listed.has(source.file) ? [] : [unlisted]), ...(isUnpinned ? [unpinned] : [])];
  });
  const contradictions = conflicts.map(({ message, place }): Diagnostic => {
    const { line, column } = place ?? positions.at(setting.place.start);
    return { file, line, column, severity: 'error', code: 'source-contradicts', message, suggestion: null };
  });
  return [...found, ...contradictions];
}
