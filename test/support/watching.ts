import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { TestContext } from 'node:test';
import type { WatchEvent } from '../../src/core/watch/events.ts';
import type { Scratch } from './scratch.ts';

/** Milliseconds, much longer than anything takes on a busy machine, so that a failing test says what it waited for. */
const TIMEOUT = 90_000;

type Of<Name extends WatchEvent['event']> = Extract<WatchEvent, { event: Name }>;

/** A watch session in its own process, and the events that it has printed so far. */
export class Watching {
  readonly events: WatchEvent[] = [];
  stderr = '';
  /** The exit code; `null`: killed by a signal. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #listeners: (() => void)[] = [];
  #rest = '';

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const listen of this.#listeners) listen();
    });
    this.ended = new Promise((done) => child.on('close', done));
    void this.ended.then(() => this.#listeners.forEach((listen) => listen()));
  }

  /** Starts a session that is killed with the test, and waits until it is ready. */
  static async start(
    t: TestContext,
    scratch: Scratch,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Promise<Watching> {
    return Watching.over(t, scratch.start(['watch', '--json', ...args], { env }));
  }

  /** The same for a process that was started in another way. */
  static async over(t: TestContext, child: ChildProcessWithoutNullStreams): Promise<Watching> {
    const watching = new Watching(child);
    t.after(() => watching.end('SIGKILL'));
    await watching.next('ready');
    return watching;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  closeOutput(): void {
    this.#child.stdout.destroy();
  }

  /** The names that the session reports as listed now. */
  get active(): ReadonlySet<string> {
    return activeAfter(this.events);
  }

  /** The number of events so far, for `next`. */
  get now(): number {
    return this.events.length;
  }

  /** The first event with that name, at or after the index `from`, that satisfies `isRight`. */
  async next<Name extends WatchEvent['event']>(
    name: Name,
    from = 0,
    isRight: (event: Of<Name>) => boolean = () => true,
  ): Promise<Of<Name>> {
    const find = (): Of<Name> | undefined =>
      this.events.slice(from).find((each): each is Of<Name> => each.event === name && isRight(each as Of<Name>));
    await this.until(() => find() !== undefined, `${name} from ${from} on`);
    return find() as Of<Name>;
  }

  /** Waits until a condition holds, which is checked after each line of the session and every 20 ms. */
  async until(holds: () => boolean, what: string): Promise<void> {
    let hasEnded = false;
    void this.ended.then(() => (hasEnded = true));
    const end = performance.now() + TIMEOUT;
    while (!holds()) {
      assert.ok(performance.now() < end, `no ${what}: ${JSON.stringify(this.events.slice(-4))} ${this.stderr}`);
      assert.ok(!hasEnded, `ended before ${what}: ${JSON.stringify(this.events)} ${this.stderr}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 20);
        this.#listeners.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#listeners.length = 0;
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.ended;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.events.push(...lines.map((line) => JSON.parse(line) as WatchEvent));
    for (const listen of this.#listeners) listen();
  }
}

/** The list after these events. */
export function activeAfter(events: readonly WatchEvent[]): ReadonlySet<string> {
  const active = new Set<string>();
  for (const event of events) {
    if (event.event === 'ready') for (const name of event.active) active.add(name);
    if (event.event !== 'change') continue;
    for (const name of event.added) {
      assert.ok(!active.has(name), `${name} was added twice`);
      active.add(name);
    }
    for (const name of event.removed) assert.ok(active.delete(name), `${name} was removed and not there`);
  }
  return active;
}

/** Throws where an event contradicts the events before it. */
export function requireTrue(events: readonly WatchEvent[]): void {
  for (const [at, event] of events.entries()) {
    const active = activeAfter(events.slice(0, at));
    if (event.event === 'prune') {
      assert.ok(
        event.removed.every(({ name }) => !active.has(name)),
        `pruned what is listed: ${JSON.stringify(event)}`,
      );
      assert.equal(
        event.freed,
        event.removed.reduce((sum, { size }) => sum + size, 0),
      );
    }
    if (event.event === 'restore')
      assert.ok(
        event.names.every((name) => active.has(name)),
        JSON.stringify(event),
      );
    if (event.event === 'download') assert.ok(active.has(event.name), JSON.stringify(event));
    assert.ok(Date.parse((event as { time?: string }).time ?? '') > 0);
    assert.ok(event.event !== 'stop' || at === events.length - 1, 'something after the end');
  }
}
