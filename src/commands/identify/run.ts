import { EXIT, WhisperError } from '../../core/errors.ts';
import {
  isComplete,
  identify,
  IDENTIFY_BYTES,
  isWorthHashing,
  withHash,
  type Identity,
} from '../../core/formats/identify.ts';
import { isModel, type ModelKind } from '../../core/formats/model-kind.ts';
import { unreadableFiles } from '../../core/messages/transfer/bytes.ts';
import type { Run } from '../definition.ts';
import { resolve } from 'node:path';
import { LargeFile } from '../../adapters/fs/large-file.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import { openCatalogue } from '../session/pins.ts';
import type { Context } from '../session/context.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { formatBytes } from '../../core/quantity.ts';

export const run: Run = async (context, { options, operands }) => {
  const { files, failures } = await identifyFiles(context, { files: operands });
  const json = files.map(document);
  const text = renderIdentified(files, context.display.style);
  const [failure, ...more] = failures;
  if (failure) {
    // Files that could be read are still reported: with --json inside the error, which is the only document then.
    if (options.json !== true) context.host.stdout.write(text);
    throw unreadableFiles(failure, more, json);
  }
  return { json: { files: json }, text, exitCode: files.every(isComplete) ? EXIT.done : EXIT.integrity };
};

function document(file: IdentifiedFile): object {
  const { path, kind, models, sizeClass, multilingual, quantization, size, expectedSize } = file;
  const { truncatedAt, sha256, verified } = file;
  return {
    path,
    kind,
    model: models.length === 1 ? models[0] : null,
    models,
    sizeClass,
    multilingual,
    quantization,
    size,
    expectedSize,
    truncatedAt,
    sha256,
    verified,
    description: describe(file),
  };
}

interface IdentifiedFile extends Identity {
  /** As it was given, and absolute. */
  readonly given: string;
  readonly path: string;
}

interface IdentifyResult {
  readonly files: readonly IdentifiedFile[];
  readonly failures: readonly WhisperError[];
}

/** Identifies files by their bytes. Needs neither a registry nor a models directory. */
async function identifyFiles(
  { host, reporter }: Context,
  options: { readonly files: readonly string[] },
): Promise<IdentifyResult> {
  const catalogue = openCatalogue(host);
  const files: IdentifiedFile[] = [];
  const failures: WhisperError[] = [];
  for (const given of options.files) {
    const path = resolve(host.cwd, given);
    try {
      const identity = await identifyFile(path, catalogue, host.signal);
      reporter.log('info', 'file identified', { path, kind: identity.kind });
      files.push({ ...identity, given, path });
    } catch (error) {
      if (!(error instanceof WhisperError)) throw error;
      failures.push(error);
    }
  }
  return { files, failures };
}

async function identifyFile(path: string, catalogue: Catalogue, signal: AbortSignal): Promise<Identity> {
  return LargeFile.use(path, async (file) => {
    const identity = identify(await file.beginning(IDENTIFY_BYTES), file.size, catalogue);
    if (!isWorthHashing(identity, catalogue)) return identity;
    return withHash(identity, await file.sha256(signal), catalogue);
  });
}

function renderIdentified(files: readonly IdentifiedFile[], style: Style): string {
  return files
    .map((file) => {
      const text = describe(file);
      return `${printable(file.given)}: ${isComplete(file) ? text : style('yellow', text)}\n`;
    })
    .join('');
}

const KINDS: Readonly<Record<ModelKind, string>> = {
  model: 'a whisper model',
  parakeet: 'a parakeet model',
  vad: 'a voice-activity model',
};

export function describe(identity: Identity): string {
  const { models, traits, size, truncatedAt } = identity;
  const said = printable(traits.join(', '));
  const names = models.map(shortName).join(' or ');
  if (identity.kind === 'ggml') return `a ggml file, but not a whisper model: ${said}`;
  if (!isModel(identity)) return names === '' ? said : `${said}; pointer to ${names}`;
  const what = names === '' ? KINDS[identity.kind] : names;
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
