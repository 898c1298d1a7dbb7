import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { findProgram } from '../../test/support/needs.ts';
import { versionOf } from '../../test/support/servers/daemon.ts';
import { median } from '../measure.ts';
import type { Usage } from '../usage.ts';
import { MIB } from './samples.ts';

export const HEAD =
  '| what | program | seconds | whisper / it | CPU s | most MiB resident |\n| --- | --- | --- | --- | --- | --- |\n';

/** The rows of one scenario: medians, and median ratios of neighbouring runs. The first program is whisper. */
export function comparisonRows(what: string, names: readonly string[], rounds: readonly (readonly Usage[])[]): string {
  return names
    .map((name, index) => {
      const of = (pick: (usage: Usage) => number): readonly number[] =>
        rounds.map((round) => pick(round[index] as Usage));
      const ratios = rounds.map((round) => (round[0]?.seconds ?? Number.NaN) / (round[index]?.seconds ?? Number.NaN));
      const cells = [
        index === 0 ? what : '',
        name,
        median(of(({ seconds }) => seconds)).toFixed(2),
        index === 0 ? '' : `${median(ratios).toFixed(2)} ×`,
        median(of(({ cpu }) => cpu)).toFixed(2),
        mebibytes(Math.max(...of(({ maxResident }) => maxResident))),
      ];
      return `| ${cells.join(' | ')} |\n`;
    })
    .join('');
}

export function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}

/** The machine and the programs that the figures depend on. */
export function describeMachine(): string {
  const { stdout } = spawnSync('df', ['--output=fstype', tmpdir()], { encoding: 'utf8' });
  const { bavail, bsize } = statfsSync(tmpdir());
  const tools = [
    ['nginx', '-v'],
    ['curl', '--version'],
    ['aria2c', '--version'],
    ['wget', '--version'],
    ['openssl', 'version'],
  ].flatMap(([name = '', argument = '']) => {
    const program = findProgram(name);
    return program === undefined
      ? []
      : [/[\w ]*?(\d[\w.]+)/.exec(versionOf(program, [argument]))?.[1] ?? '?'].map((version) => `${name} ${version}`);
  });
  return [
    `${cpus()[0]?.model ?? 'CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB`,
    `Linux ${release().replace(/-.*/, '')}, ${stdout.trim().split('\n').at(-1)} with ${Math.round((bavail * bsize) / 1024 ** 3)} GiB free`,
    `Node ${process.version}, ${tools.join(', ')}`,
  ].join('; ');
}
