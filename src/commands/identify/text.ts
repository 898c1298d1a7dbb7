import type { Style } from '../../adapters/terminal/style.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { type Identity, isComplete } from '../../core/formats/identify.ts';
import { formatBytes } from '../../core/quantity.ts';
import type { IdentifiedFile } from './identify.ts';

/** A line for each file: its path as it was given, and what it is. */
export function renderIdentified(files: readonly IdentifiedFile[], style: Style): string {
  return files
    .map((file) => {
      const text = describe(file);
      return `${printable(file.given)}: ${isComplete(file) ? text : style('yellow', text)}\n`;
    })
    .join('');
}

/** What a file is, in a line fit for a terminal. */
export function describe(identity: Identity): string {
  const { kind, models, traits, size, truncatedAt } = identity;
  const said = printable(traits.join(', '));
  const names = models.map(shortName).join(' or ');
  if (kind === 'ggml') return `a ggml file, but not a whisper model: ${said}`;
  if (kind !== 'model' && kind !== 'vad') return names === '' ? said : `${said}; pointer to ${names}`;
  const what = names === '' ? (kind === 'vad' ? 'a voice-activity model' : 'a whisper model') : names;
  const details = [...(said === '' ? [] : [said]), ...(truncatedAt === null ? [formatBytes(size)] : [])].join(', ');
  return `${what} (${details}), ${state(identity)}`;
}

function state({ models, size, expectedSize, truncatedAt, verified }: Identity): string {
  if (verified === true) return 'complete, sha256 verified';
  if (expectedSize === null) return 'completeness unknown';
  if (truncatedAt !== null)
    return `truncated at ${truncatedAt} %: ${formatBytes(size)} of ${formatBytes(expectedSize)}`;
  if (size > expectedSize) return `${size - expectedSize} bytes too long`;
  if (verified === false) return 'sha256 differs from the published file: corrupt or fine-tuned';
  return models.length > 0 ? 'complete' : 'complete, not in the catalogue';
}
