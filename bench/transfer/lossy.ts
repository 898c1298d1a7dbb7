import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { findProgram } from '../../test/support/needs.ts';
import type { Measured } from './compare.ts';

/** The scenario inside of the namespace, which only `lossy` starts. */
export const INSIDE = 'lossy-inside';

const RUN = resolve(import.meta.dirname, '../run.js');
// Both directions pass the one queue of `lo`, so each packet waits half of the round trip. Packets have the size of Ethernet,
// because losing one in a hundred of 64 KiB would be a different case.
const SETUP = [
  'ip link set lo mtu 1500 up',
  'ip link set lo gso_max_segs 1',
  'tc qdisc add dev lo root netem delay 25ms loss 1% limit 100000',
].join(' && ');

/** A long, lossy line: starts the bench again in its own network namespace. */
export async function lossy(): Promise<Measured> {
  for (const [command, name] of [
    ['unshare', 'util-linux'],
    ['ip', 'iproute2'],
    ['tc', 'iproute2'],
  ] as const) {
    if (findProgram(command) === undefined) return none(`the package ${name} is not installed`);
  }
  const probe = within('true', []);
  if (probe.status !== 0) return none(`this machine does not allow it (${probe.stderr.trim().split('\n')[0] ?? ''})`);
  const { status, stdout, stderr } = within('exec "$@"', [process.execPath, RUN, 'transfer', INSIDE]);
  if (status !== 0) throw new Error(stderr);
  const rows = stdout
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return { rows: rows.map((row) => `${row}\n`).join(''), notes: [] };
}

function within(command: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const script = `{ ${SETUP}; } && ${command}`;
  return spawnSync('unshare', ['--map-root-user', '--net', 'sh', '-c', script, 'sh', ...args], { encoding: 'utf8' });
}

function none(reason: string): Measured {
  return { rows: '', notes: [`50 ms and 1 % loss are skipped: ${reason}.`] };
}
