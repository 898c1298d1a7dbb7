import { DIRENV, GIT, PRE_COMMIT } from './repository.ts';

/** Save triggers of editors with windows. What they run is the same text for every file: a name cannot do harm there. */

export const VSCODE = `// VS Code: install the extension "Run on Save" (emeraldwalk.RunOnSave), and put this into .vscode/settings.json.
{
  "emeraldwalk.runonsave": {
    "commands": [
      {
        "match": "[/\\\\\\\\]nix[/\\\\\\\\]whisper-manager\\\\.nix$",
        "isAsync": true,
        "cmd": "whisper prune --quiet --file nix/whisper-manager.nix"
      }
    ]
  }
}
`;

export const JETBRAINS = `<?xml version="1.0" encoding="UTF-8"?>
<!-- JetBrains: enable the plugin "File Watchers", and save this as .idea/watcherTasks.xml. -->
<project version="4">
  <component name="ProjectTasksOptions">
    <TaskOptions isEnabled="true">
      <option name="name" value="whisper prune" />
      <option name="description" value="Prunes the models that the registry no longer lists" />
      <option name="program" value="whisper" />
      <option name="arguments" value="prune --quiet --file nix/whisper-manager.nix" />
      <option name="workingDir" value="$ProjectFileDir$" />
      <option name="fileExtension" value="nix" />
      <option name="scopeName" value="Project Files" />
      <option name="trackOnlyRoot" value="false" />
      <option name="immediateSync" value="false" />
      <option name="runOnExternalChanges" value="false" />
      <option name="checkSyntaxErrors" value="false" />
      <option name="exitCodeBehavior" value="ERROR" />
      <option name="outputFromStdout" value="false" />
      <option name="output" value="" />
      <option name="outputFilters">
        <array />
      </option>
      <envs />
    </TaskOptions>
  </component>
</project>
`;

/** Save triggers of editors that run in a terminal. File names go as arguments or variables, never through a shell's text. */

export const VIM = `" Vim: put this into ~/.vimrc. Saving a registry prunes the models that it no longer lists.
function! s:WhisperSay(channel, line) abort
  echomsg 'whisper: ' . a:line
endfunction

function! s:WhisperPrune(file) abort
  if !executable('whisper')
    return
  endif
  let l:command = ['whisper', 'prune', '--quiet', '--file', a:file]
  if has('job')
    let l:Say = function('s:WhisperSay')
    call job_start(l:command, {'in_io': 'null', 'out_cb': l:Say, 'err_cb': l:Say, 'stoponexit': ''})
  else
    for l:line in systemlist(join(map(l:command, 'shellescape(v:val)'), ' '))
      call s:WhisperSay(0, l:line)
    endfor
  endif
endfunction

augroup whisper
  autocmd!
  autocmd BufWritePost whisper-manager.nix,*/whisper-manager/default.nix call s:WhisperPrune(expand('<afile>:p'))
augroup END
`;

export const NEOVIM = `-- Neovim: put this into ~/.config/nvim/init.lua. Saving a registry prunes the models that it no longer lists.
vim.api.nvim_create_autocmd("BufWritePost", {
  group = vim.api.nvim_create_augroup("whisper", { clear = true }),
  pattern = { "whisper-manager.nix", "*/whisper-manager/default.nix" },
  callback = function(event)
    if vim.fn.executable("whisper") == 0 then
      return
    end
    local function say(_, lines)
      local text = vim.trim(table.concat(lines, "\\n"))
      if text ~= "" then
        vim.notify("whisper: " .. text)
      end
    end
    vim.fn.jobstart({ "whisper", "prune", "--quiet", "--file", vim.fn.fnamemodify(event.match, ":p") }, {
      detach = true,
      stdin = "null",
      stdout_buffered = true,
      stderr_buffered = true,
      on_stdout = say,
      on_stderr = say,
    })
  end,
})
`;

export const EMACS = `;; Emacs: put this into ~/.emacs.d/init.el. Saving a registry prunes the models that it no longer lists.
(defun whisper-prune-after-save ()
  "Prune the models that the registry in this buffer no longer lists."
  (when (and buffer-file-name
             (not (file-remote-p buffer-file-name))
             (string-match-p "/whisper-manager\\\\(?:/default\\\\)?\\\\.nix\\\\'" buffer-file-name)
             (executable-find "whisper"))
    (make-process
     :name "whisper"
     :command (list "whisper" "prune" "--quiet" "--file" (expand-file-name buffer-file-name))
     :connection-type 'pipe
     :noquery t
     :filter (lambda (_process text) (message "whisper: %s" text))
     :sentinel #'ignore)))
(add-hook 'after-save-hook #'whisper-prune-after-save)
`;

export const KAKOUNE = `# Kakoune: put this into ~/.config/kak/kakrc. Saving a registry prunes the models that it no longer lists.
hook -group whisper global BufWritePost .*/whisper-manager(/default)?\\.nix %{
  nop %sh{
    (
      quoted() { printf "'"; printf %s "$1" | sed "s/'/''/g"; printf "'"; }
      said=$(whisper prune --quiet --file "$kak_hook_param" 2>&1 | tr '\\n' ' ')
      [ -n "$said" ] || exit 0
      show="echo -- $(quoted "whisper: $said")"
      printf '%s\\n' "evaluate-commands -try-client $(quoted "$kak_client") $(quoted "$show")" | kak -p "$kak_session"
    ) </dev/null >/dev/null 2>&1 &
  }
}
`;

export const HELIX = `# Helix has no save hook, so this makes Ctrl-s save and prune: put it into ~/.config/helix/config.toml.
# To prune on every kind of save, run \`whisper watch\` in a terminal instead.
[keys.normal]
C-s = [":write", ":sh test ! -e nix/whisper-manager.nix || whisper prune --quiet --file nix/whisper-manager.nix"]
`;

/** The text to paste; its first lines say where. Saving the registry then prunes. */
export const SNIPPETS = {
  vscode: VSCODE,
  neovim: NEOVIM,
  vim: VIM,
  emacs: EMACS,
  helix: HELIX,
  kakoune: KAKOUNE,
  jetbrains: JETBRAINS,
  direnv: DIRENV,
  git: GIT,
  'pre-commit': PRE_COMMIT,
} as const satisfies Readonly<Record<string, string>>;

export const OTHER_NAMES: ReadonlyMap<string, keyof typeof SNIPPETS> = new Map([
  ['nvim', 'neovim'],
  ['code', 'vscode'],
  ['codium', 'vscode'],
  ['hx', 'helix'],
  ['kak', 'kakoune'],
  ['idea', 'jetbrains'],
  ['intellij', 'jetbrains'],
  ['pycharm', 'jetbrains'],
]);

export type HookName = keyof typeof SNIPPETS;

export function isHook(name: string): name is HookName {
  return Object.hasOwn(SNIPPETS, name);
}
