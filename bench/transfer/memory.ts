import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { measureProcess } from '../usage.ts';
import { environment, inFolder, whisper } from './clients.ts';
import type { Measured } from './compare.ts';
import { comparisonRows, mebibytes } from './report.ts';
import { MIB, writeSample } from './samples.ts';
import { fastServer } from './servers.ts';

const GIB = 1024 * MIB;
const SAMPLE_MS = 20;

interface Moment {
  readonly written: number;
  readonly resident: number;
}

/** The memory of whisper while three gigabytes are downloaded, and whether it grows with them. */
export function memory(): Promise<Measured> {
  return inFolder(tmpdir(), async (folder) => {
    const sample = writeSample(folder, 'ggml-bench.bin', 3 * GIB);
    const { endpoint, stop } = await fastServer(folder);
    try {
      const task = { endpoint, samples: [sample], folder };
      whisper.prepare(task);
      const moments: Moment[] = [];
      let sampling: NodeJS.Timeout | undefined;
      const onStart = (pid: number): void => {
        sampling = setInterval(() => moments.push(...measureNow(pid)), SAMPLE_MS);
      };
      const options = { cwd: folder, env: environment(task), onStart };
      const usage = await measureProcess(whisper.command(task), options).finally(() => clearInterval(sampling));
      const at = [1, 2, 3].map((count) => {
        const moment = moments.find(({ written }) => written >= count * GIB);
        return `${moment === undefined ? '?' : mebibytes(moment.resident)} at ${count} GiB`;
      });
      return {
        rows: comparisonRows('3 GiB over loopback', [whisper.name], [[usage]]),
        notes: [`MiB resident during 3 GiB: ${at.join(', ')}; at most ${mebibytes(usage.maxResident)}.`],
      };
    } finally {
      await stop();
    }
  });
}

/** The bytes that a process has written so far and has resident; empty once it has ended. */
function measureNow(pid: number): readonly Moment[] {
  try {
    const written = /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return written === undefined || resident === undefined
      ? []
      : [{ written: Number(written), resident: Number(resident) * 1024 }];
  } catch {
    // It has ended.
    return [];
  }
}
