import type { Coming, Step } from '../../commands/session/context.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { timeLeft } from '../../core/quantity.ts';
import { Countdown, Meter } from './meter.ts';

/** The progress of a model or of all models; sizes in bytes. What is unknown is `undefined`. */
export interface Measure {
  readonly received: number;
  readonly size: number | undefined;
  /** Bytes a second. */
  readonly rate: number | undefined;
  /** Seconds. */
  readonly left: number | undefined;
  readonly connections: number | undefined;
  /** What happens while no bytes arrive. */
  readonly phase: string | undefined;
}

export interface View {
  readonly rows: readonly (Measure & { readonly name: string })[];
  readonly total: Measure & { readonly done: number; readonly count: number };
}

interface Row {
  size: number | undefined;
  received: number;
  connections: number | undefined;
  phase: Step['phase'] | 'queued';
  reportedAt: number;
  movedAt: number | undefined;
  meter: Meter | undefined;
  readonly countdown: Countdown;
}

/** The models whose progress is shown. Times are milliseconds of the caller's clock. */
export class Rows {
  readonly #rows = new Map<string, Row>();
  #meter: Meter | undefined;
  #countdown = new Countdown();
  #wait = { since: 0, until: 0 };

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  begin(models: readonly Coming[], now: number): void {
    for (const { name, size } of models) {
      const base = { received: 0, connections: undefined, phase: 'queued', meter: undefined } as const;
      this.#rows.set(name, { ...base, size, reportedAt: now, movedAt: undefined, countdown: new Countdown() });
    }
  }

  /** Ignores a model that has not begun. */
  step({ name, received, size, connections, phase }: Step, now: number): void {
    const row = this.#rows.get(name);
    if (!row) return;
    // Bytes that were present before the transfer are not part of its rate.
    const came =
      row.phase === 'queued' || row.phase === 'adopting' || phase !== undefined ? 0 : received - row.received;
    if (came > 0) {
      row.meter ??= new Meter(row.reportedAt);
      this.#meter ??= new Meter(row.reportedAt);
      row.meter.count(came, now);
      this.#meter.count(came, now);
      row.movedAt = now;
    }
    Object.assign(row, { received, connections, phase, reportedAt: now, size: size ?? row.size });
  }

  end(names: readonly string[]): void {
    for (const name of names) this.#rows.delete(name);
    if (!this.isEmpty) return;
    this.#meter = undefined;
    this.#countdown = new Countdown();
    this.#wait = { since: 0, until: 0 };
  }

  waiting(milliseconds: number, now: number): void {
    this.#wait = { since: now, until: now + milliseconds };
  }

  view(now: number): View {
    const all = [...this.#rows];
    const isOnly = all.length === 1 && this.#isWaiting(undefined, now);
    const shown = all.filter(([, { phase }]) => phase !== 'done' && (phase !== 'queued' || isOnly));
    const rows = shown.map(([name, row]) => ({ name: printable(shortName(name)), ...this.#measure(row, now) }));
    return { rows, total: this.#total(rows, now) };
  }

  #measure(row: Row, now: number): Measure {
    const { received, size, connections } = row;
    const rate = row.meter?.rate(now);
    const left = size === undefined ? undefined : row.countdown.next(size - received, rate, now);
    return { received, size, rate, left, connections, phase: this.#phaseOf(row, now) };
  }

  #phaseOf(row: Row, now: number): string | undefined {
    const { phase, received, size, connections, movedAt } = row;
    if (phase === 'adopting') return 'adopting';
    if (size !== undefined && received >= size) return 'verifying';
    if (this.#isWaiting(movedAt, now)) return this.#waitingText(now);
    if (connections === undefined) return undefined;
    if (movedAt === undefined) return 'connecting';
    return connections === 0 ? 'retrying' : undefined;
  }

  #total(shown: readonly Measure[], now: number): View['total'] {
    const all = [...this.#rows.values()];
    const received = all.reduce((sum, row) => sum + row.received, 0);
    const isKnown = all.every(({ size }) => size !== undefined);
    const size = isKnown ? all.reduce((sum, row) => sum + (row.size ?? 0), 0) : undefined;
    const rate = this.#meter?.rate(now);
    const left = size === undefined ? undefined : this.#countdown.next(size - received, rate, now);
    const done = all.filter((row) => row.phase === 'done').length;
    return {
      received,
      size,
      rate,
      left,
      connections: undefined,
      phase: this.#sharedPhase(shown, now),
      done,
      count: all.length,
    };
  }

  #sharedPhase([first, ...others]: readonly Measure[], now: number): string | undefined {
    if (!first) return this.#isWaiting(undefined, now) ? this.#waitingText(now) : undefined;
    return others.every(({ phase }) => phase === first.phase) ? first.phase : undefined;
  }

  #isWaiting(movedAt: number | undefined, now: number): boolean {
    return now < this.#wait.until && (movedAt ?? 0) <= this.#wait.since;
  }

  #waitingText(now: number): string {
    return `waiting, ${timeLeft((this.#wait.until - now) / 1000)}`;
  }
}
