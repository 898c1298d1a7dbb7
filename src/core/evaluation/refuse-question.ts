import { findLocal } from '../nix/check-syntax.ts';
import type { NixFailure } from './nix-report.ts';
import type { Question } from './question.ts';

/** What in the texts of a question keeps it from being asked, because nobody could tell whether the answer is the file's. */
export function refuseQuestion({ list, modelsDir }: Question): NixFailure | undefined {
  for (const target of [list, modelsDir]) {
    const text = target?.text ?? '';
    const local = findLocal(text);
    if (!local) continue;
    const name = text.slice(local.start, local.end);
    const before = text.slice(0, local.start).split('\n');
    const column = new TextEncoder().encode(before.at(-1)).length + 1;
    return {
      message: `the file asks for ${name}, which depends on where it lies and who reads it`,
      hint: name.startsWith('~') ? 'Write the path as a string: modelsDir may begin with "~/".' : 'Take it out.',
      position: { file: undefined, line: before.length, column },
      isInModelsDir: target === modelsDir,
    };
  }
  return undefined;
}
