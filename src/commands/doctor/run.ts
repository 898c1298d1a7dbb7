import { wrap } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import type { Format } from '../../adapters/terminal/style.ts';
import { EXIT } from '../../core/errors.ts';
import { count } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { planLines } from '../plan/text.ts';
import { doctor, type DoctorResult, type Examined } from './doctor.ts';

export const run: Run = async (context, { options }) => {
  const result = await doctor(context, commonOptions(options));
  const isWell = result.checks.every(({ status }) => status !== 'error');
  return {
    json: { checks: result.checks },
    text: renderDoctor(result, context.display),
    exitCode: isWell ? EXIT.done : EXIT.registry,
  };
};

const COLOURS: Readonly<Record<Examined['status'], Format>> = { ok: 'green', warning: 'yellow', error: 'red' };

function renderDoctor({ checks, plan }: DoctorResult, display: Display): string {
  const { style } = display;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const mark = { ok: display.glyphs.ok, warning: display.glyphs.warning, error: display.glyphs.error };
  const indent = ' '.repeat(display.glyphs.ok.length + width + 3);
  const lines = checks.flatMap(({ name, status, message, hint }) => {
    const first = `${style(COLOURS[status], mark[status].padEnd(display.glyphs.ok.length))} ${name.padEnd(width)}  `;
    const room = Math.max(20, display.columns - indent.length);
    const said = wrap(display.sentence(message), room);
    const next = hint === null ? [] : wrap(display.sentence(hint), room).map((line) => style('dim', line));
    return [...said, ...next].map((line, index) => `${index === 0 ? first : indent}${line}`);
  });
  return [...lines, ...(plan ? planLines(plan, display) : []), verdict(checks, display), ''].join('\n');
}

function verdict(checks: readonly Examined[], { style }: Display): string {
  const numberOf = (wanted: Examined['status']): number => checks.filter(({ status }) => status === wanted).length;
  const [errors, warnings] = [numberOf('error'), numberOf('warning')];
  if (errors > 0) return style('red', `${count(errors, 'error')} to fix`);
  if (warnings > 0) return style('yellow', `${count(warnings, 'warning')}, no errors`);
  return style('green', 'Everything works');
}
