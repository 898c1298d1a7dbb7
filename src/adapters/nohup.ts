import { constants, readFileSync, readlinkSync } from 'node:fs';

const ACCESS = constants.O_WRONLY | constants.O_RDWR;

/**
 * Whether `nohup` started this program in a terminal. Node forgets what was ignored when it started, so this tells it: standard
 * input leads to /dev/null and can only be written to, which nobody else does.
 */
export function isUnderNohup(): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1] ?? '0';
    return readlinkSync('/proc/self/fd/0') === '/dev/null' && (parseInt(flags, 8) & ACCESS) === constants.O_WRONLY;
  } catch {
    // Another system, or no such descriptor: then the signal means what it says.
    return false;
  }
}
