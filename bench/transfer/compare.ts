import { tmpdir } from 'node:os';
import { interleave } from '../measure.ts';
import { download, inFolder, missing, whisper, type Client } from './clients.ts';
import { comparisonRows } from './report.ts';
import { writeSample } from './samples.ts';
import type { FileServer } from './servers.ts';

/** One measurement: its rows of the table, and notes. */
export type Scenario = () => Promise<Measured>;

export interface Measured {
  readonly rows: string;
  readonly notes: readonly string[];
}

/** How often each program runs, after one round to warm up. */
export const ROUNDS = Number(process.env['WHISPER_BENCH_ROUNDS'] ?? 5);

export interface Setting {
  readonly what: string;
  /** Bytes of each file to download. */
  readonly sizes: readonly number[];
  readonly server: (folder: string) => Promise<FileServer>;
  readonly others: readonly Client[];
}

/** Lets whisper and others download the same files in turn, so that a machine whose speed drifts is fair to all. */
export function comparison({ what, sizes, server, others }: Setting): Scenario {
  return () =>
    inFolder(tmpdir(), async (folder) => {
      const samples = sizes.map((size, index) => writeSample(folder, `ggml-bench-${index}.bin`, size));
      const here = [whisper, ...others.filter((client) => missing(client).length === 0)];
      const { endpoint, stop } = await server(folder);
      try {
        const contenders = here.map((client) => () => download(client, folder, { endpoint, samples }));
        const rounds = await interleave(ROUNDS, contenders);
        const names = here.map(({ name }) => name);
        return { rows: comparisonRows(what, names, rounds), notes: skipped(others) };
      } finally {
        await stop();
      }
    });
}

/** A line for each program that is not installed. */
export function skipped(clients: readonly Client[]): readonly string[] {
  return clients.flatMap((client) =>
    missing(client).map((name) => `${client.name} is skipped: the package ${name} is not installed.`),
  );
}
