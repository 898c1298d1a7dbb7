import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import { Watching } from './watching.ts';

export const [TINY, BASE, SMALL] = ['ggml-tiny.en.bin', 'ggml-base.en.bin', 'ggml-small.en.bin'] as const;
export const SIZES = { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000 } as const;

/** A registry as people keep it: those that are not active are commented out. */
export function registryText(active: readonly string[], more = ''): string {
  const lines = [TINY, BASE, SMALL].map(
    (name) => `    ${active.includes(name) ? '' : '# '}"${name}"  # for meetings\n`,
  );
  return `{ pkgs }:\nlet\n  # what is on this machine\n  activeModels = [\n${lines.join('')}  ];${more}\nin\n{ inherit activeModels; }\n`;
}

export interface WatchProject extends HubProject {
  readonly watching: Watching;
  /** Starts another session. */
  readonly watch: (args?: readonly string[]) => Promise<Watching>;
}

/** A project with three models that are listed and on the disk, and a session that watches it. */
export async function watchProject(
  t: TestContext,
  args: readonly string[] = [],
  text = registryText([TINY, BASE, SMALL]),
): Promise<WatchProject> {
  const project = await hubProject(t, SIZES, text);
  const { scratch, models, env, run } = project;
  for (const [name, { content }] of Object.entries(models)) scratch.writeModel(name, content);
  // So that the folder is one that the program has been at work in.
  await run(['verify']);
  const watch = (more: readonly string[] = []): Promise<Watching> => Watching.start(t, scratch, env, more);
  return { ...project, watching: await watch(args), watch };
}
