import { resolve } from 'node:path';
import { LargeFile } from '../../adapters/fs/large-file.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import { WhisperError } from '../../core/errors.ts';
import { identify, IDENTIFY_BYTES, isWorthHashing, withHash, type Identity } from '../../core/formats/identify.ts';
import { openCatalogue } from '../session/pins.ts';
import type { Context } from '../session/context.ts';

export interface IdentifiedFile extends Identity {
  /** As it was given, and absolute. */
  readonly given: string;
  readonly path: string;
}

export interface IdentifyResult {
  readonly files: readonly IdentifiedFile[];
  readonly failures: readonly WhisperError[];
}

/** Identifies files by their bytes. Needs neither a registry nor a models directory. */
export async function identifyFiles(
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
