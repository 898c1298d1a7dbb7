import { createRequire } from 'node:module';
import { asErrorOfItsPath, errnoCode } from '../adapters/fs/errors.ts';
import { Nix } from '../adapters/nix/nix.ts';
import type { Host } from '../adapters/process/host.ts';
import { columnsOf, displayFor } from '../adapters/terminal/display.ts';
import { renderError, toJsonError } from '../adapters/terminal/error.ts';
import { styleFor } from '../adapters/terminal/style.ts';
import type { ParsedOptions } from '../commands/options.ts';
import { EXIT, WhisperError } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { interrupted, terminated } from '../core/messages/busy.ts';
import { outputNotWritable } from '../core/messages/disk.ts';
import { missingCommand } from '../core/messages/usage.ts';
import { type CommandLine, isCompletion, parseCommandLine } from './args/args.ts';
import { createReporter } from './progress/reporter.ts';

/** Runs the program for a host and returns its exit code. The one place where errors become exit codes. */
export async function run(host: Host): Promise<number> {
  if (isCompletion(host.args)) {
    const code = await (await import('./completion/complete.ts')).complete(host);
    return host.signal.aborted && host.signal.reason !== 'SIGPIPE' ? stopped(host.signal).exitCode : code;
  }
  let options: ParsedOptions = { json: isGiven('--json', host.args), 'no-color': isGiven('--no-color', host.args) };
  try {
    const line = parseCommandLine(host.program, host.args);
    options = line.options;
    const code = await dispatch(host, line);
    if (await isOutputLost(host)) throw host.signal.reason;
    return code;
  } catch (thrown) {
    // Any access to a file may fail because of the disk, which is not a bug.
    const error = host.signal.aborted ? stopped(host.signal) : asErrorOfItsPath(thrown);
    if (options.json === true) host.stdout.write(jsonText({ error: toJsonError(error) }));
    // An error that could not be printed as JSON is printed as text.
    if (options.json !== true || (await isOutputLost(host))) {
      const style = styleFor(host.stderr, host.environment, options['no-color'] === true);
      host.stderr.write(renderError(error, style, columnsOf(host.stderr)));
    }
    return error instanceof WhisperError ? error.exitCode : EXIT.unexpected;
  }
}

async function dispatch(host: Host, line: CommandLine): Promise<number> {
  const { command, options } = line;
  const print = (json: unknown, text: string): void => {
    host.stdout.write(options.json === true ? jsonText(json) : text);
  };
  if (options.version === true) {
    const version = packageVersion();
    print({ version }, `${version}\n`);
    return EXIT.done;
  }
  if (options.help === true || command === undefined) {
    const output = options.help === true ? host.stdout : host.stderr;
    const { helpText } = await import('./args/help.ts');
    const text = helpText(command, options.json === true ? undefined : output.columns || undefined);
    if (options.help === true) {
      print({ help: text }, text);
      return EXIT.done;
    }
    if (options.json !== true) host.stderr.write(`${text}\n`);
    throw missingCommand();
  }
  const level = host.environment['WHISPER_LOG'];
  const log = level ? (await import('../adapters/process/log.ts')).createLog(level, host.stderr) : undefined;
  const reporter = createReporter(host, options, log);
  const isPlain = options['no-color'] === true;
  const runCommand = await command.load();
  const outcome = await runCommand(
    {
      host,
      reporter,
      nix: new Nix(host),
      display: displayFor(host, styleFor(host.stdout, host.environment, isPlain)),
      chooseModels: async (...given) => {
        const { chooseModels } = await import('./picker/pick.ts');
        return chooseModels(host, styleFor(host.stderr, host.environment, isPlain), ...given);
      },
    },
    line,
  );
  if ('text' in outcome) print(outcome.json, outcome.text);
  return outcome.exitCode;
}

function isGiven(name: string, args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes(name);
}

/** Whether output could not be written. A stream reports that in the next turn of the event loop. */
async function isOutputLost({ signal }: Host): Promise<boolean> {
  await new Promise((resume) => {
    setImmediate(resume);
  });
  return errnoCode(signal.reason) !== undefined;
}

function stopped({ reason }: AbortSignal): WhisperError {
  const code = errnoCode(reason);
  if (code !== undefined) return outputNotWritable(code, reason);
  return reason === 'SIGINT' ? interrupted() : terminated();
}

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('#package') as { version: string };
  return version;
}
