#!/usr/bin/env node
import { processHost } from './adapters/host.ts';
import { run } from './cli/run.ts';

// No top-level await: the release is one CommonJS file, which starts sooner than modules do.
async function main(): Promise<void> {
  process.exitCode = await run(processHost());
}

void main();
