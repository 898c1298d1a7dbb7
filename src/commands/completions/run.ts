import { isShell, scriptFor, SCRIPTS } from '../../core/completion/scripts.ts';
import { EXIT } from '../../core/errors.ts';
import { unknownShell } from '../../core/messages/usage.ts';
import { programName } from '../../core/program-name.ts';
import type { Run } from '../definition.ts';

export const run: Run = ({ host }, { operands: [shell = ''] }) => {
  if (!isShell(shell)) throw unknownShell(shell, Object.keys(SCRIPTS));
  const script = scriptFor(shell, programName(host.program));
  return { json: { shell, script }, text: script, exitCode: EXIT.done };
};
