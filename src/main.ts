import { processHost, type Host } from './adapters/process/host.ts';
import { run } from './cli/run.ts';

/** Runs the program and returns its exit code. The file that starts the release calls it; tests hand over a host of their own. */
export async function main(host: Host = processHost()): Promise<number> {
  return run(host);
}
