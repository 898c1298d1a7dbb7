import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { findProgram } from '../../test/support/needs.ts';
import type { Measured } from './compare.ts';

/** The scenario that is measured inside of the namespace; it is of no use elsewhere. */
export const INSIDE = 'lossy-inside';

const RUN = resolve(import.meta.dirname, '../run.js');
// Both directions pass the one queue of `lo`, so each packet waits half of the round trip. Packets are those of an ethernet:
// of the 64 KiB ones of a loopback, one in a hundred would be another matter.
const SETUP = [
  'ip link set lo mtu 1500 up',
  'ip link set lo gso_max_segs 1',
  'tc qdisc add dev lo root netem delay 25ms loss 1% limit 100000',
].join(' && ');

/** A long, bad line: a network namespace of its own, in which the bench starts itself again. */
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
