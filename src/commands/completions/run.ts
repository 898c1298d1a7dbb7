import { isShell, SCRIPTS } from '../../core/completion/scripts.ts';
import { EXIT } from '../../core/errors.ts';
import { unknownShell } from '../../core/messages/usage.ts';
import type { Run } from '../definition.ts';

export const run: Run = (_context, { operands: [shell = ''] }) => {
  if (!isShell(shell)) throw unknownShell(shell, Object.keys(SCRIPTS));
  const script = SCRIPTS[shell];
  return { json: { shell, script }, text: script, exitCode: EXIT.done };
};
