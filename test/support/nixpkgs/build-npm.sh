# The steps of buildNpmPackage with the hook of importNpmLock, in their order. npm's cache is empty: what is needed is in the
# lock file, by path.
export HOME="$TMPDIR" npm_config_cache="$TMPDIR/npm-cache"
export npm_config_audit=false npm_config_fund=false npm_config_progress=false
cp -r "$src" source
chmod -R u+w source
cd source

mv package.json .package.json.orig
cp --no-preserve=mode "$npmDeps"/package*.json .
npm install --ignore-scripts
npm rebuild $npmRebuildFlags

runHook preBuild
npm run build
runHook postBuild

installed="$out/lib/node_modules/$pname"
npm pack --json --dry-run $npmPackFlags |
  node -e 'for (const { path } of JSON.parse(require("fs").readFileSync(0))[0].files) console.log(path)' > files
while IFS= read -r file; do
  mkdir -p "$installed/$(dirname "$file")"
  cp "$file" "$installed/$file"
done < files

# The wrappers run Node, so the program is not called by the name that they have.
mkdir -p "$out/bin"
node -p 'Object.entries(require("./package.json").bin).map((bin) => bin.join(" ")).join("\n")' > bins
while read -r name file; do
  printf '#!/bin/bash\nexec "%s" "%s" "$@"\n' "$nodejs/bin/node" "$installed/$file" > "$out/bin/$name"
  chmod +x "$out/bin/$name"
done < bins

npm prune --omit=dev --no-save
find node_modules -maxdepth 1 -type d -empty -delete
cp -r node_modules "$installed/node_modules"
runHook postInstall
cp .package.json.orig "$installed/package.json"
if [ -z "${dontStrip:-}" ] && command -v strip > strip; then find "$out" -name '*.node' -exec strip -S {} \; ; fi
