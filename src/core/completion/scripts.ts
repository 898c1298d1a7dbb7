import { type ProgramName, withProgramName } from '../program-name.ts';

/** What a shell loads to complete the program's command lines: each asks the program, which answers a candidate a line. */

export const PROGRAMS = ['whisper', 'whisper-manager', 'whisper-download', 'whisper-prune', 'whisper-list'] as const;
const NAMES = PROGRAMS.join(' ');
const PATTERN = PROGRAMS.join(' | ');

/** Bash 3.2 is still in use on macOS: it has no mapfile, and no compopt, without which files are offered where nothing else is. */
const BASH = `# Completion of whisper for bash.
# Put it where the package bash-completion looks:
#   whisper completions bash > ~/.local/share/bash-completion/completions/whisper
#   (the other names of the program need links to it: ${PROGRAMS.slice(1).join(', ')})
# or without that package, into ~/.bashrc:
#   source <(whisper completions bash)

_whisper() {
  local program=\${1##*/} line name quoted=
  case $program in
    ${PATTERN}) ;;
    *) program=whisper ;;
  esac
  case \${COMP_WORDS[COMP_CWORD]} in
    [\\'\\"]*) quoted=yes ;;
  esac
  COMPREPLY=()
  compopt +o default -o nosort 2>/dev/null
  while IFS= read -r line; do
    case $line in
      $'\\tfiles') compopt -o default 2>/dev/null ;;
      $'\\tfolders') compopt -o dirnames 2>/dev/null ;;
      *)
        name=\${line%%$'\\t'*}
        # An odd name comes quoted, which goes into no quotes that are open already.
        case $name in
          *[!A-Za-z0-9._-]*)
            [[ $quoted ]] && continue
            printf -v name %q "$name"
            ;;
        esac
        COMPREPLY+=("$name")
        ;;
    esac
  done < <(command "$program" complete --line -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}

complete -o default -F _whisper ${NAMES}
`;

const ZSH = `#compdef ${NAMES}
# Completion of whisper for zsh.
# Put it into a folder of $fpath, as _whisper, and start a new shell:
#   whisper completions zsh > ~/.local/share/zsh/site-functions/_whisper
#   (with fpath+=(~/.local/share/zsh/site-functions) before compinit in ~/.zshrc)
# or after compinit in ~/.zshrc:
#   source <(whisper completions zsh)

_whisper() {
  local program=\${words[1]:t} line name
  local -a answer shown
  case $program in
    (${PATTERN}) ;;
    (*) program=whisper ;;
  esac
  answer=("\${(@f)$(command $program complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  case $answer[1] in
    ('') return 1 ;;
    ($'\\tfiles' | $'\\tfolders')
      compset -P '--[a-z-]##='
      if [[ $answer[1] = $'\\tfolders' ]]; then _files -/; else _files; fi
      return
      ;;
  esac
  for line in $answer; do
    name=\${line%%$'\\t'*}
    name=\${name//\\\\/\\\\\\\\}
    shown+=("\${name//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe -V whisper shown
}

# Loaded from $fpath, this file is the function itself.
if [[ $funcstack[1] = _whisper ]]; then
  _whisper "$@"
else
  compdef _whisper ${NAMES}
fi
`;

const FISH = `# Completion of whisper for fish.
# Put it where fish looks:
#   whisper completions fish > ~/.config/fish/completions/whisper.fish
#   (the other names of the program need links to it: ${PROGRAMS.slice(1)
  .map((name) => `${name}.fish`)
  .join(', ')})
# or into ~/.config/fish/config.fish:
#   whisper completions fish | source

function __whisper_complete
    set -l words (commandline -opc)
    while string match -qr '^[A-Za-z_]\\w*=' -- "$words[1]"
        set -e words[1]
    end
    set -l program (string replace -r '^.*/' '' -- "$words[1]")
    contains -- "$program" ${NAMES}; or set program whisper
    set -l typed (commandline -ct | string collect)
    # Where a quote is still open, there is only that to be taken away.
    set -l current (string unescape -- "$typed"); or set current (string replace -r '^["\\']' '' -- "$typed")
    set -l answer (command $program complete -- $words[2..-1] "$current" 2>/dev/null)
    set -l option (string match -r -- '^--[a-z-]+=' "$current")
    set -l value (string replace -- "$option" '' "$current")
    switch "$answer[1]"
        case \\tfiles
            set answer "$option"(__fish_complete_path "$value")
        case \\tfolders
            set answer "$option"(__fish_complete_directories "$value" '')
    end
    string join \\n -- $answer
end

for program in ${NAMES}
    complete -c $program -f -k -a '(__whisper_complete)'
end
`;

/**
 * The script of a shell for the program by one of its names. As `whisper-manager`, it leaves alone what `whisper` is: that is another
 * program there.
 */
export function scriptFor(shell: ShellName, name: ProgramName): string {
  const script = SCRIPTS[shell];
  if (name === 'whisper') return script;
  const others = PROGRAMS.filter((each) => each !== 'whisper');
  return withProgramName(script, name)
    .replaceAll(NAMES, others.join(' '))
    .replaceAll(PATTERN, others.join(' | '))
    .replaceAll(/\b_whisper\b/g, '_whisper_manager')
    .replaceAll(/__whisper_complete\b/g, '__whisper_manager_complete')
    .replaceAll(/\/whisper(?=\.fish\b|$)/gm, '/whisper-manager')
    .replaceAll(/whisper-manager(?:\.fish)?, (?=whisper-download)/g, '');
}

export const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const satisfies Readonly<Record<string, string>>;

export type ShellName = keyof typeof SCRIPTS;

export function isShell(name: string): name is ShellName {
  return Object.hasOwn(SCRIPTS, name);
}
