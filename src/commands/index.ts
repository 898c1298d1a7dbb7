import { addCommand } from './add/definition.ts';
import { checkCommand } from './check/definition.ts';
import { completionsCommand } from './completions/definition.ts';
import type { CommandDefinition } from './definition.ts';
import { doctorCommand } from './doctor/definition.ts';
import { downloadCommand } from './download/definition.ts';
import { envCommand } from './env/definition.ts';
import { hookCommand } from './hook/definition.ts';
import { identifyCommand } from './identify/definition.ts';
import { initCommand } from './init/definition.ts';
import { listCommand } from './list/definition.ts';
import { lockCommand } from './lock/definition.ts';
import { pathCommand } from './path/definition.ts';
import { pruneCommand } from './prune/definition.ts';
import { pushCommand } from './push/definition.ts';
import { removeCommand } from './remove/definition.ts';
import { syncCommand } from './sync/definition.ts';
import { verifyCommand } from './verify/definition.ts';
import { watchCommand } from './watch/definition.ts';
import { whyCommand } from './why/definition.ts';

/** All commands, in the order of help and of the manual page. */
export const COMMANDS: readonly CommandDefinition[] = [
  downloadCommand,
  syncCommand,
  pruneCommand,
  watchCommand,
  listCommand,
  addCommand,
  removeCommand,
  verifyCommand,
  whyCommand,
  checkCommand,
  doctorCommand,
  identifyCommand,
  lockCommand,
  pushCommand,
  initCommand,
  hookCommand,
  pathCommand,
  envCommand,
  completionsCommand,
];

export function findCommand(name: string): CommandDefinition | undefined {
  return COMMANDS.find((command) => command.name === name);
}
