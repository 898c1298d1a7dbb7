import pino from 'pino';
import { unknownLogLevel } from '../../core/messages/environment.ts';
import type { Output } from './host.ts';

export type Log = (level: 'debug' | 'info', event: string, fields: Readonly<Record<string, unknown>>) => void;

/** Structured logs (a JSON object a line) on a stream, from `level` on. Loaded only where `WHISPER_LOG` asks for it. */
export function createLog(level: string, output: Output): Log {
  const levels = [...Object.keys(pino.levels.values), 'silent'];
  if (!levels.includes(level)) throw unknownLogLevel(level, levels);
  const logger = pino({ level, base: null }, { write: (line: string) => void output.write(line) });
  return (at, event, fields) => logger[at](fields, event);
}
