import { WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';
import type { Style } from './style.ts';

/** An error for people: what happened, the place with the source line underlined, what to do now. */
export function renderError(error: unknown, style: Style): string {
  if (!(error instanceof WhisperError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${style('red', 'whisper: a bug in the program:')}\n${stack}\nPlease report it with the command that you ran.\n`;
  }
  const lines = [`${style('red', 'whisper:')} ${printable(error.message)}`];
  if (error.place) {
    const { file, line, column, excerpt } = error.place;
    lines.push(
      `  ${printable(file)}:${line}:${column}`,
      ...excerpt.split('\n').map((each) => `  ${printableLine(each)}`),
    );
  }
  if (error.hint) lines.push(`  ${printable(error.hint)}`);
  return `${lines.join('\n')}\n`;
}

/** The same as a JSON object. */
export function toJsonError(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof WhisperError) {
    const { code, message, hint, place, details } = error;
    return { ...details, code, message, hint, ...(place && { place }) };
  }
  const [message, stack] = error instanceof Error ? [error.message, error.stack] : [String(error), undefined];
  return {
    code: 'unexpected',
    message,
    hint: 'This is a bug: please report it with the command that you ran.',
    stack: stack ?? null,
  };
}

// Tabs keep the mark under what it marks.
function printableLine(line: string): string {
  return line.split('\t').map(printable).join('\t');
}
