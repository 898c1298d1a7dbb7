import { Nix } from '../../src/adapters/nix/nix.ts';
import type { Context } from '../../src/commands/session/context.ts';
import { fakeHost } from './fake-host.ts';
import type { Scratch } from './scratch.ts';

export interface CommandContext extends Context {
  /** The notices that the command has given so far. */
  readonly notices: readonly string[];
}

/** The context of a command that is called in this process, in a scratch project. */
export function commandContext(scratch: Scratch, env: Readonly<Record<string, string>> = {}): CommandContext {
  const { host } = fakeHost([], { ...scratch.environment, ...env }, scratch.path);
  const notices: string[] = [];
  const nothing = (): void => {};
  return {
    host,
    nix: new Nix(host),
    notices,
    reporter: {
      notice: (text) => void notices.push(text),
      announce: (text) => void notices.push(text),
      progressBegin: async () => Promise.resolve(),
      progress: nothing,
      progressEnd: nothing,
      waiting: nothing,
      log: nothing,
      aside: (write) => write(),
      status: nothing,
    },
  };
}
