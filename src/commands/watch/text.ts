import type { Style } from '../../adapters/terminal/style.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { count, formatBytes, formatSeconds } from '../../core/quantity.ts';
import type { WatchEvent } from '../../core/watch/events.ts';

/** An event of a watch session as a line of text; `undefined`: nothing new for the user. */
export function renderEvent(event: WatchEvent, style: Style): string | undefined {
  switch (event.event) {
    case 'ready':
      return `resumed: ${count(event.active.length, 'active model')}`;
    case 'change':
      return changeText(event.added, event.removed);
    case 'hold':
      return `${style('yellow', 'paused:')} ${printable(event.message)}`;
    case 'prune': {
      const models = event.removed.map(({ name, size }) => `${shortName(name)} (${formatBytes(size)})`).join(', ');
      const freed = event.removed.length > 1 ? `, ${formatBytes(event.freed)} in total` : '';
      return `${style('red', 'removed')} ${models}${freed}`;
    }
    case 'restore':
      return `${style('green', 'restored')} ${names(event.names)}`;
    case 'download': {
      const { name, size, seconds, received } = event;
      const how = received === 0 ? 'found on this machine' : `in ${formatSeconds(seconds)}`;
      return `${style('green', 'downloaded')} ${shortName(name)} (${formatBytes(size)}, ${how})`;
    }
    case 'error':
      return `${style('red', 'failed:')} ${printable(event.message)}`;
    case 'stop':
      return undefined;
  }
}

/** The first lines of a session: what is watched, and how the folder differs from the list. */
export function renderBegin(
  file: string,
  active: number,
  folder: string,
  plan: Plan | undefined,
  style: Style,
): string {
  const lines = [
    `${style('bold', 'watching')} ${printable(file)}: ${count(active, 'active model')} in ${printable(folder)}`,
  ];
  if (plan && plan.prune.length > 0) {
    const [are, them] = plan.prune.length === 1 ? ['is', 'it'] : ['are', 'them'];
    lines.push(
      `${names(plan.prune.map(({ name }) => name))} ${are} not listed (${formatBytes(plan.freed)}); the next change to the list prunes ${them}`,
    );
  }
  const missing = plan ? [...plan.fetch, ...plan.adopt] : [];
  if (missing.length > 0)
    lines.push(
      `${names(missing.map(({ entry }) => entry.file))}: not downloaded; run whisper sync to download missing models`,
    );
  return lines.map((line) => `${line}\n`).join('');
}

export class Totals {
  #pruned = 0;
  #freed = 0;
  #restored = 0;
  #downloaded = 0;

  add(event: WatchEvent): void {
    if (event.event === 'prune') {
      this.#pruned += event.removed.length;
      this.#freed += event.freed;
    }
    if (event.event === 'restore') this.#restored += event.names.length;
    if (event.event === 'download') this.#downloaded += 1;
  }

  toString(): string {
    const parts = [
      this.#pruned > 0 ? `${this.#pruned} removed (${formatBytes(this.#freed)})` : '',
      this.#restored > 0 ? `${this.#restored} restored` : '',
      this.#downloaded > 0 ? `${this.#downloaded} downloaded` : '',
    ].filter((part) => part !== '');
    return `stopped: ${parts.length > 0 ? parts.join(', ') : 'nothing to do'}`;
  }
}

function changeText(added: readonly string[], removed: readonly string[]): string {
  const plus = added.map((name) => `+ ${printable(shortName(name))}`);
  return `list: ${[...plus, ...removed.map((name) => `- ${printable(shortName(name))}`)].join('  ')}`;
}

function names(of: readonly string[]): string {
  return of.map(shortName).join(', ');
}
