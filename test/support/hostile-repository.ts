import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

/** A key of git's configuration that names a program, the value that does, and what else makes git run it. */
export interface HostileKey {
  readonly key: string;
  /** `canary`: a shell command that leaves a file behind, as one word. */
  readonly value?: (canary: string) => string;
  readonly also?: Readonly<Record<string, string>>;
  /** Keys that get the same value. */
  readonly together?: readonly string[];
}

const key = (name: string, also: HostileKey['also'] = {}, value?: HostileKey['value']): HostileKey => ({
  key: name,
  also,
  ...(value && { value }),
});
const shell = (canary: string): string => `!${canary}`;
const ORIGIN = 'remote.origin.url';

/** Those of git-config(1), gitattributes(5), gitmodules(5) and the manual pages of the commands that read them. */
export const HOSTILE_KEYS: readonly HostileKey[] = [
  key('core.fsmonitor'),
  key('core.hooksPath', {}, (canary) => join(canary, '..', 'hooks')),
  key('core.sshCommand', { [ORIGIN]: 'ssh://127.0.0.1:9/x' }),
  key('core.gitProxy', { [ORIGIN]: 'git://127.0.0.1:9/x' }),
  key('core.pager'),
  key('core.editor'),
  key('core.askPass', { [ORIGIN]: 'http://a@127.0.0.1:9/x' }),
  key('core.alternateRefsCommand'),
  key('core.attributesFile', { 'filter.y.clean': 'false' }),
  key('filter.x.clean'),
  key('filter.x.smudge'),
  key('filter.x.process'),
  key('filter.x.clean', { 'filter.x.required': 'true' }),
  key('diff.external'),
  key('diff.x.command'),
  key('diff.x.textconv'),
  key('diff.x.textconv', { 'diff.x.cachetextconv': 'true' }),
  key('merge.x.driver'),
  key('remote.origin.uploadpack', { [ORIGIN]: '.' }),
  key('remote.origin.uploadpack', { [ORIGIN]: '.', 'protocol.allow': 'always', 'protocol.file.allow': 'always' }),
  key('remote.origin.receivepack', { [ORIGIN]: '.' }),
  key('remote.origin.vcs', { [ORIGIN]: 'x', 'protocol.canary.allow': 'always' }, () => 'canary'),
  key(ORIGIN, { 'protocol.ext.allow': 'always' }, (canary) => `ext::${canary}`),
  key('url.ext::x.insteadOf', { [ORIGIN]: 'x', 'protocol.ext.allow': 'always' }, () => 'x'),
  key('uploadpack.packObjectsHook', { [ORIGIN]: '.' }),
  key('credential.helper', { [ORIGIN]: 'http://127.0.0.1:9/x' }, shell),
  key('credential.http://127.0.0.1:9.helper', { [ORIGIN]: 'http://127.0.0.1:9/x' }, shell),
  key('gpg.program', { 'log.showSignature': 'true' }),
  key('gpg.openpgp.program', { 'log.showSignature': 'true' }),
  key('gpg.ssh.program', { 'log.showSignature': 'true', 'gpg.format': 'ssh' }),
  key('gpg.x509.program', { 'log.showSignature': 'true', 'gpg.format': 'x509' }),
  key('gpg.ssh.defaultKeyCommand', { 'gpg.format': 'ssh' }),
  key('alias.blame', {}, shell),
  key('alias.rev-parse', {}, shell),
  key('pager.blame'),
  key('pager.rev-parse'),
  key('interactive.diffFilter'),
  key('sequence.editor'),
  key('trailer.x.command'),
  key('trailer.x.cmd'),
  key('hook.x.command', { 'hook.x.event': 'post-index-change' }),
  key('submodule.x.update', {}, shell),
  key('tar.tar.gz.command'),
  key('imap.tunnel'),
  key('init.templateDir'),
  key('include.path', {}, (canary) => join(canary, '..', 'included')),
  key('includeIf.gitdir:/**.path', {}, (canary) => join(canary, '..', 'included')),
];

/** Whether the name of a key of `git help --config` says that its value may be a program. */
const NAMES_A_PROGRAM =
  /cmd|command|program|hook|pager|editor|askpass|ssh|proxy|textconv|driver|clean|smudge|process|pack$|vcs|helper|monitor|external|exec|\.path$|tunnel|browser|filter/i;
/** Keys whose value git refuses to be any text, and then does nothing at all. */
const NO_TEXT = /^(clean|color|column|commit|gc|http|fsck|receive|rebase|status)\.|Version$/;

const TOGETHER = 8;

/** The other keys of the installed git, several at a time. */
export function otherKeys(): readonly HostileKey[] {
  const known = new Set(HOSTILE_KEYS.map((each) => each.key.toLowerCase()));
  const listed = execFileSync('git', ['help', '--config'], { encoding: 'utf8' }).split('\n');
  const names = listed
    .filter((name) => /^[a-z]+\..*[a-z]$/i.test(name) && NAMES_A_PROGRAM.test(name) && !NO_TEXT.test(name))
    .map((name) => name.replace('remote.<name>', 'remote.origin').replace('<cmd>', 'blame').replace(/<\w+>/g, 'x'))
    .filter((name) => !known.has(name.toLowerCase()));
  return names.flatMap((first, index) =>
    index % TOGETHER === 0 ? [{ key: first, together: names.slice(index + 1, index + TOGETHER) }] : [],
  );
}

/**
 * A repository whose configuration names a program wherever it can: the working tree differs from what is committed, every
 * file has a filter and a driver, and of an older commit, objects are missing that a promisor remote would have.
 */
export class HostileRepository {
  readonly path: string;
  readonly #scratch: Scratch;
  readonly #canary: string;

  constructor(scratch: Scratch, name: string, files: Readonly<Record<string, string>>) {
    this.#scratch = scratch;
    this.path = join(scratch.path, name);
    const trace = join(scratch.path, `${name}-ran`);
    const script = `#!/bin/sh\necho "$0 $*" >> '${trace}'\nexit 1\n`;
    this.#canary = scratch.write(`${name}-programs/canary`, script, 0o755);
    for (const hook of [
      'post-index-change',
      'post-checkout',
      'reference-transaction',
      'pre-auto-gc',
      'fsmonitor-watchman',
    ])
      for (const folder of [`${name}-programs/hooks`, `${name}/.git/hooks`])
        scratch.write(join(folder, hook), script, 0o755);
    scratch.write(
      `${name}-programs/included`,
      `[filter "x"]\n\tclean = ${this.#canary}\n[core]\n\tfsmonitor = ${this.#canary}\n`,
    );
    scratch.write(join(name, '.gitattributes'), '* filter=x diff=x merge=x\n');
    this.git('init', '--quiet');
    // No hook is to be run by what sets this up.
    const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'user.name=Ada', '-c', 'user.email=a@example.org'];
    for (const [file, text] of Object.entries(files)) scratch.write(join(name, file), `# First\n${text}`);
    this.git(...quiet, 'add', '.');
    const before = this.#objects();
    this.git(...quiet, 'commit', '--quiet', '--message', 'First');
    for (const [file, text] of Object.entries(files)) scratch.write(join(name, file), text);
    this.git(...quiet, 'commit', '--quiet', '--all', '--message', 'Second');
    const kept = new Set([this.git('rev-parse', 'HEAD:.gitattributes').trim()]);
    for (const id of before) if (!kept.has(id)) rmSync(this.#objectPath(id));
    for (const file of Object.keys(files)) utimesSync(join(this.path, file), 1e9, 1e9);
  }

  /** Rewrites the configuration with this key. */
  configure({ key: name, value = (canary) => canary, also = {}, together = [] }: HostileKey): void {
    const settings = {
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      ...also,
      ...Object.fromEntries([name, ...together].map((each) => [each, value(this.#canary)])),
    };
    const lines = Object.entries(settings).map(([each, set]) => {
      const section = each.slice(0, each.indexOf('.'));
      const last = each.slice(each.lastIndexOf('.') + 1);
      const subsection = each.slice(section.length + 1, -last.length - 1);
      return `[${section}${subsection === '' ? '' : ` "${subsection}"`}]\n\t${last} = "${set}"\n`;
    });
    this.#scratch.write(join(this.path, '.git/config'), lines.join(''));
  }

  /** The programs that ran since it was asked last. */
  ran(): string {
    const trace = `${this.path}-ran`;
    const ran = this.#scratch.exists(trace) ? this.#scratch.read(trace) : '';
    rmSync(trace, { force: true });
    return ran;
  }

  git(...args: readonly string[]): string {
    const env = { PATH: process.env['PATH'], HOME: this.#scratch.path, GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', args, { cwd: this.path, env, encoding: 'utf8', stdio: 'pipe' });
  }

  #objects(): readonly string[] {
    const folder = join(this.path, '.git/objects');
    return readdirSync(folder)
      .filter((name) => name.length === 2)
      .flatMap((name) => readdirSync(join(folder, name)).map((rest) => name + rest));
  }

  #objectPath(id: string): string {
    const path = join(this.path, '.git/objects', id.slice(0, 2), id.slice(2));
    if (statSync(path).isFile()) chmodSync(path, 0o600);
    return path;
  }
}
