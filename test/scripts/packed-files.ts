import assert from 'node:assert/strict';

/** Everything that may be in the package: no tests, no sources, nothing that is compiled where it is installed. */
const WANTED = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/bin\/([\w-]+\.cjs|THIRD-PARTY-LICENSES)$/,
  /^dist\/man\/whisper\.1$/,
  /^native\/file-writers-linux-(x64|arm64)\.node$/,
  /^wasm\/nix-parser\.wasm$/,
  /^nix\/whisper-manager\.nix$/,
];

/** Asserts that these files, by their paths in the package, are all that it takes to run, and no others. */
export function assertPacked(paths: readonly string[]): void {
  assert.deepEqual(
    paths.filter((path) => !WANTED.some((pattern) => pattern.test(path))),
    [],
  );
  for (const pattern of WANTED) {
    assert.ok(
      paths.some((path) => pattern.test(path)),
      String(pattern),
    );
  }
}
