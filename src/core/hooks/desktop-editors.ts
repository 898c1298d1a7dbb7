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
