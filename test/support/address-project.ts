import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import { sampleModel } from './models.ts';

export const BASE = 'ggml-base.en-q5_1.bin';
export const MODEL = sampleModel('ggml-model.bin', 5000);
export const REPO = 'ada/lectures-ggml';
export const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
export const LECTURES = 'ggml-lectures.bin';
/** What is written of a file of the repository. */
export const SOURCE = {
  url: `https://huggingface.co/${REPO}/resolve/${COMMIT}/ggml-model.bin`,
  hash: `sha256-${Buffer.from(MODEL.entry.sha256, 'hex').toString('base64')}`,
};

/** A project with one catalogue model, and a repository on its hub whose file is called like any other. */
export async function addressProject(
  t: TestContext,
  registry?: string,
): Promise<HubProject & { readonly text: () => string }> {
  const project = await hubProject(t, { [BASE]: 4000 }, registry ?? [BASE]);
  const { hub, scratch } = project;
  hub.put({ repo: REPO, path: 'ggml-model.bin', revision: COMMIT, content: MODEL.content });
  hub.branch(REPO, 'main', COMMIT);
  hub.branch(REPO, 'v1', COMMIT);
  return { ...project, text: () => readFileSync(scratch.registry, 'utf8') };
}

/** The binding of `modelSources` with one entry, as it is written behind a list that is on lines of its own. */
export function sourcesText(name: string, { url, hash }: typeof SOURCE, size: number, indentation = '  '): string {
  const lines = [
    'modelSources = {',
    `  "${name}" = {`,
    `    url = "${url}";`,
    `    hash = "${hash}";`,
    `    size = ${size};`,
    '  };',
    '};',
  ];
  return lines.map((line) => `${indentation}${line}\n`).join('');
}
