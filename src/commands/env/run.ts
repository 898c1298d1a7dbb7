import { EXIT } from '../../core/errors.ts';
import { noActiveModel, notDownloaded } from '../../core/messages/notices.ts';
import { shellValue } from '../../core/shell-value.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { availableParallelism } from 'node:os';
import { isModelFile } from '../../core/catalogue/names.ts';
import {
  adviceFor,
  isForVoiceActivity,
  programFor,
  VOICE_ACTIVITY_OPTIONS,
  type Advice,
} from '../../core/catalogue/size-class.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { openPurged } from '../apply/open-purged.ts';
import { meantModel } from '../session/known-models.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

export const run: Run = async (context, { options, operands }) => {
  const { modelsDir, model } = await env(context, { ...commonOptions(options), model: operands[0] });
  if (model === undefined) context.reporter.notice(noActiveModel());
  else if (!model.downloaded) context.reporter.notice(notDownloaded(model.name));
  const json = {
    WHISPER_MODELS_PATH: modelsDir,
    WHISPER_MODEL: null,
    ...(model && { [model.variable]: model.path, ...model.use }),
    WHISPER_THREADS: model?.advice?.threads ?? null,
    BUFFER_DURATION: model?.advice?.bufferSeconds ?? null,
  };
  const lines = Object.entries(json)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${shellValue(String(value))}\n`);
  return { json, text: lines.join(''), exitCode: model?.downloaded === false ? EXIT.disk : EXIT.done };
};

interface EnvResult {
  readonly modelsDir: string;
  /** `undefined`: no model was named, and none is active. */
  readonly model:
    | {
        readonly name: string;
        readonly path: string;
        /** The variable for its path. A voice-activity model has its own. */
        readonly variable: 'WHISPER_MODEL' | 'WHISPER_VAD_MODEL';
        /** What runs it: a program, or for a voice-activity model the options of `whisper-cli`. */
        readonly use: Readonly<Record<string, string>>;
        readonly downloaded: boolean;
        readonly advice: Advice | undefined;
      }
    | undefined;
}

/** The settings to run a model: its path, and what suits its size and this machine. */
export async function env(
  context: Context,
  options: CommonOptions & { readonly model: string | undefined },
): Promise<EnvResult> {
  const session = await openPurged(context, options);
  const { modelsDir, catalogue } = session;
  const { files } = await modelsDir.scan();
  const name = options.model === undefined ? firstActive(session, files) : meantModel(options.model, session, files);
  if (name === undefined) return { modelsDir: modelsDir.path, model: undefined };
  const file = files.find((each) => each.name === name);
  const size = file?.size ?? catalogue.get(name)?.size;
  const advice = adviceFor(name, size, availableParallelism());
  const path = modelsDir.modelPath(name);
  const downloaded = file !== undefined;
  const model = isForVoiceActivity(name)
    ? ({ variable: 'WHISPER_VAD_MODEL', use: { WHISPER_VAD_OPTIONS: VOICE_ACTIVITY_OPTIONS } } as const)
    : ({ variable: 'WHISPER_MODEL', use: { WHISPER_PROGRAM: programFor(name) } } as const);
  return { modelsDir: modelsDir.path, model: { name, path, ...model, downloaded, advice } };
}

/** The first active speech model that is downloaded, or else the first active one. */
function firstActive({ active }: Session, files: readonly ModelFile[]): string | undefined {
  const names = active.map(({ name }) => name).filter((name) => isModelFile(name) && !isForVoiceActivity(name));
  const here = new Set(files.map(({ name }) => name));
  return names.find((name) => here.has(name)) ?? names[0];
}
