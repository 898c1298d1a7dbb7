import { parseNix } from '../src/adapters/registry/parser.ts';
import { readRegistry } from '../src/core/registry/read-registry.ts';
import { timeCalls } from './measure.ts';
import type { Row } from './rows.ts';

export function readRow(): Row {
  const text = `{ pkgs }:\nlet\n  activeModels = [\n${'    "ggml-base.en-q5_1.bin"  # keep this one\n'.repeat(20)}  ];\n${'  # a comment of some length, as people write them\n'.repeat(60)}in\n{ inherit activeModels; }\n`;
  const time = timeCalls(2000, () => readRegistry(parseNix, text, { file: 'x.nix', environment: {} }));
  return {
    what: `static read of a registry of ${text.length} bytes, in process, warm`,
    result: `${time.toFixed(3)} ms`,
    bound: '≤ 0.2 ms',
  };
}

export function readManyRow(): Row {
  const text = `{\n  activeModels = [\n${Array.from({ length: 100_000 }, (_, index) => `    "ggml-model-${index}.bin"\n`).join('')}  ];\n}\n`;
  const time = timeCalls(3, () => readRegistry(parseNix, text, { file: 'x.nix', environment: {} }));
  return {
    what: 'static read of 100,000 entries, in process',
    result: `${(time / 1000).toFixed(2)} s`,
    bound: '≤ 1.5 s',
  };
}

/** A reader that looks up each name again would need quadratic time. */
export function readChainRow(): Row {
  const chain = (length: number): string =>
    `let\n${Array.from({ length }, (_, at) => `  a${at} = a${at + 1};\n`).join('')}  a${length} = [ "ggml-base.bin" ];\nin\n{ activeModels = a0; }\n`;
  const time = (text: string): number =>
    timeCalls(3, () => readRegistry(parseNix, text, { file: 'x.nix', environment: {} }));
  const [half, whole] = [time(chain(10_000)), time(chain(20_000))];
  return {
    what: 'static read of a chain of 20,000 names, in process, against one of 10,000',
    result: `${(whole / half).toFixed(2)} × (${Math.round(whole)} ms against ${Math.round(half)} ms)`,
    bound: '≈ 2 ×',
  };
}
