import type { Style } from '../../adapters/terminal/style.ts';
import { shownAddress, readPushTarget, type PushTarget } from '../../core/binary-cache/substituters.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import { formatBytes } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { dirname, resolve } from 'node:path';
import { modelStorePath } from '../../adapters/binary-cache/store-path.ts';
import { NixStore } from '../../adapters/nix/store.ts';
import { pushOfMissing, pushOfUnpinned, pushOfWrongBytes } from '../../core/messages/models.ts';
import { expectedOf } from '../../core/plan/managed.ts';
import type { ModelFile, Sized } from '../../core/plan/plan.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { whileHashing } from '../apply/concurrency.ts';
import { openPurged } from '../apply/open-purged.ts';
import { hashStable } from '../plan/hash-unverified.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

export const run: Run = async (context, { options, operands }) => {
  const [cache = ''] = operands;
  const result = await push(context, { ...commonOptions(options), cache });
  const { target, pushed } = result;
  return {
    json: { cache: target.shown, compression: target.compression ?? null, pushed },
    text: options.quiet === true ? '' : renderPush(result, context.display.style),
    exitCode: EXIT.done,
  };
};

function renderPush({ target, pushed }: PushResult, style: Style): string {
  if (pushed.length === 0) return 'Nothing to push: the list is empty\n';
  const lines = pushed.map(({ name, size }) => `${style('green', 'pushed')} ${shortName(name)} (${formatBytes(size)})`);
  const how = /^(file|https?):/.test(target.shown)
    ? `to download from it, run WHISPER_SUBSTITUTERS=${shownAddress(target.shown)} whisper sync`
    : 'to download from it, set WHISPER_SUBSTITUTERS to its https URL';
  const ending = `Pushed to ${shownAddress(target.shown)}; ${how}`;
  return [...lines, ending].map((line) => `${line}\n`).join('');
}

interface Pushed extends Sized {
  readonly sha256: string;
  readonly storePath: string;
}

interface PushResult {
  readonly target: PushTarget;
  readonly pushed: readonly Pushed[];
}

/** Copies the active models to a Nix binary cache, through the store of this machine. Each is hashed before. */
async function push(context: Context, options: CommonOptions & { readonly cache: string }): Promise<PushResult> {
  const { host, reporter } = context;
  const target = readPushTarget(options.cache, (path) => resolve(host.cwd, path));
  const store = new NixStore(host);
  const session = await openPurged(context, options);
  requireModelNames(session.registry);
  const { files } = await session.modelsDir.scan();
  const models = session.active.map(({ name }) => {
    const file = files.find((each) => each.name === name);
    if (!file) throw pushOfMissing(name, session.catalogue.has(name));
    return file;
  });
  const verified = await whileHashing(context, models, () => verifyAll(context, session, models));
  const pushed: Pushed[] = [];
  for (const { name, size, sha256 } of verified) {
    const storePath = await store.add(session.modelsDir.modelPath(name));
    if (storePath !== modelStorePath({ file: name, sha256 }, dirname(storePath))) throw pushOfWrongBytes(name);
    pushed.push({ name, size, sha256, storePath });
  }
  reporter.log('info', 'copying to the cache', { target: target.shown, models: pushed.map(({ name }) => name) });
  if (pushed.length > 0)
    await store.copy(
      pushed.map(({ storePath }) => storePath),
      target.address,
      target.shown,
    );
  return { target, pushed };
}

async function verifyAll(
  context: Context,
  session: Session,
  files: readonly ModelFile[],
): Promise<readonly Omit<Pushed, 'storePath'>[]> {
  const verified: Omit<Pushed, 'storePath'>[] = [];
  for (const file of files) {
    const { name, size } = file;
    verified.push({ name, size, sha256: await verify(context, session, file) });
  }
  return verified;
}

/** The sha256 of a model. It must be the pinned one, because others ask the cache for that. */
async function verify(context: Context, { catalogue, modelsDir }: Session, file: ModelFile): Promise<string> {
  const expected = expectedOf(file.name, file, catalogue)?.sha256;
  if (expected === undefined) throw pushOfUnpinned(file.name);
  const hash = await hashStable(context, modelsDir.modelPath(file.name), file);
  if (hash?.sha256 !== expected) throw pushOfWrongBytes(file.name);
  return expected;
}
