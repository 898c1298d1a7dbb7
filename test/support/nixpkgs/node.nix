# Node.js of this machine, and the two functions that make a package of an npm project.
{
  lib,
  host,
  make,
  pkgs,
}:
let
  npmConfigHook = "the hook of importNpmLock";

  # The lock file and the manifest with a path for each dependency.
  importNpmLock =
    {
      npmRoot,
      packageLock,
      packageSourceOverrides,
    }:
    let
      package = lib.importJSON (npmRoot + "/package.json");
      resolved = path: "file:${packageSourceOverrides.${path}}";
      packages = builtins.mapAttrs (
        path: entry: entry // lib.optionalAttrs (packageSourceOverrides ? ${path}) { resolved = resolved path; }
      ) packageLock.packages;
      withPaths = builtins.mapAttrs (name: _: packages."node_modules/${name}".resolved);
    in
    make "npm-sources" {
      passAsFile = [ "package" "packageLock" ];
      packageLock = builtins.toJSON (packageLock // { inherit packages; });
      package = builtins.toJSON (
        package
        // {
          dependencies = withPaths package.dependencies;
          devDependencies = withPaths package.devDependencies;
        }
      );
    } ''
      mkdir "$out"
      cp "$packagePath" "$out/package.json"
      cp "$packageLockPath" "$out/package-lock.json"
    '';
  build =
    package:
    make "${package.pname}-${package.version}" (
      package
      // {
        nativeBuildInputs = [ package.nodejs ];
        build = ./build-npm.sh;
      }
    ) "source \"$build\"";

  # For tests of what is around the program: it is the one that was built in the checkout.
  standIn =
    package:
    make "${package.pname}-${package.version}" {
      inherit (host) checkout;
      inherit (package) meta nodejs;
    } ''
      mkdir -p "$out/bin"
      "$nodejs/bin/node" -p 'Object.entries(require(process.env.checkout + "/package.json").bin).flat().join("\n")' > bins
      while read -r name && read -r file; do
        printf '#!/bin/bash\nexec "%s" "%s" "$@"\n' "$nodejs/bin/node" "$checkout/$file" > "$out/bin/$name"
        chmod +x "$out/bin/$name"
      done < bins
    '';
in
{
  # npm has no network here: `npm pack` takes what `npm ci` has left in the cache of this machine.
  nodejs_24 = make "nodejs" { npmCache = host.npmCache or "/nonexistent"; } ''
    mkdir -p "$out/bin"
    ln -s "$(command -v node)" "$out/bin/node"
    printf '#!/bin/bash\nexport npm_config_offline=true npm_config_cache="''${npm_config_cache:-%s}"\nexec %s "$@"\n' \
      "$npmCache" "$(command -v npm)" > "$out/bin/npm"
    chmod +x "$out/bin/npm"
  '';

  importNpmLock = {
    __functor = _: importNpmLock;
    inherit npmConfigHook;
  };

  buildNpmPackage =
    package:
    assert package.npmConfigHook == npmConfigHook;
    if host ? checkout then standIn package else build package;
}
