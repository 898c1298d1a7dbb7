import type { IdentifiedFile } from '../../commands/identify.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { type Identity, isComplete } from '../../core/formats/identify.ts';
import { formatBytes } from '../../core/quantity.ts';
import type { Style } from '../terminal/style.ts';

/** A line a file: its path as it was given, and what it is. */
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
  if (kind === 'ggml') return `ggml magic, but no whisper model: ${said}`;
  if (kind !== 'model' && kind !== 'vad') return names === '' ? said : `${said}; it stands for ${names}`;
  const what = names === '' ? (kind === 'vad' ? 'a voice-activity model' : 'a whisper model') : names;
  const details = [...(said === '' ? [] : [said]), ...(truncatedAt === null ? [formatBytes(size)] : [])].join(', ');
  return `${what} (${details}), ${state(identity)}`;
}

function state({ models, size, expectedSize, truncatedAt, verified }: Identity): string {
  if (verified === true) return 'complete, verified: the published bytes';
  if (expectedSize === null) return 'and whether it is complete cannot be told';
  if (truncatedAt !== null)
    return `truncated at ${truncatedAt} %: ${formatBytes(size)} of ${formatBytes(expectedSize)}`;
  if (size > expectedSize) return `${size - expectedSize} bytes longer than such a model is`;
  if (verified === false) return 'not the published bytes: damaged or a fine-tune';
  return models.length > 0 ? 'complete' : 'complete, not in the catalogue';
}
