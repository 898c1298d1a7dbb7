import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { interleave, median } from '../measure.ts';
import { measureProcess, type Usage } from '../usage.ts';
import { curl, environment, inFolder, missing, requireComplete, whisper, type Client } from './clients.ts';
import { ROUNDS, skipped, type Measured } from './compare.ts';
import { comparisonRows, mebibytes } from './report.ts';
import { CAP, MIB, writeSample, type Sample } from './samples.ts';
import { slowServer, type FileServer } from './servers.ts';

const curlAgain: Client = {
  ...curl,
  name: '`curl -C -`',
  command: (task) => [...curl.command(task), '-C', '-'],
};

/** Downloads the second half of a file, after the first process was killed in the middle. */
export function resume(): Promise<Measured> {
  return inFolder(tmpdir(), async (folder) => {
    const sample = writeSample(folder, 'ggml-bench.bin', 256 * MIB);
    const clients = [whisper, curlAgain].filter((client) => missing(client).length === 0);
    const server = await slowServer(folder, CAP);
    const twice = new Map<Client, number[]>();
    const contenders = clients.map((client) => async () => {
      const { usage, sent } = await killedAndResumed(client, folder, server, sample);
      twice.set(client, [...(twice.get(client) ?? []), sent - sample.size]);
      return usage;
    });
    try {
      const rounds = await interleave(ROUNDS, contenders);
      const names = clients.map(({ name }) => name);
      const again = clients.map(({ name }, index) => {
        const bytes = median(twice.get(clients[index] as Client) ?? []);
        return `${name} after a SIGKILL: ${mebibytes(bytes)} MiB were sent twice.`;
      });
      const what = 'the other half of 256 MiB after a SIGKILL, 20 MB/s a connection';
      return { rows: comparisonRows(what, names, rounds), notes: [...again, ...skipped([curlAgain])] };
    } finally {
      await server.stop();
    }
  });
}

function killedAndResumed(
  client: Client,
  parent: string,
  server: FileServer,
  sample: Sample,
): Promise<{ usage: Usage; sent: number }> {
  return inFolder(parent, async (folder) => {
    const task = { endpoint: server.endpoint, samples: [sample], folder };
    client.prepare(task);
    const [command = '', ...args] = client.command(task);
    const options = { cwd: folder, env: environment(task) };
    const before = server.sent();
    const child = spawn(command, args, { ...options, stdio: 'ignore' });
    const ended = new Promise((done) => child.on('close', done));
    await server.reached(before + sample.size / 2);
    child.kill('SIGKILL');
    await ended;
    const usage = await measureProcess([command, ...args], options);
    requireComplete(client, task);
    return { usage, sent: server.sent() - before };
  });
}
