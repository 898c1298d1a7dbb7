import { EXIT } from '../../core/errors.ts';
import { isComplete } from '../../core/formats/identify.ts';
import { unreadableFiles } from '../../core/messages/bytes.ts';
import type { Run } from '../definition.ts';
import { identifyFiles, type IdentifiedFile } from './identify.ts';
import { describe, renderIdentified } from './text.ts';

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
