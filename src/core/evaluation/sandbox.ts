// Replacements for the builtins that would let a value depend on more than the file. They end the evaluation by `abort`, which
// `tryEval` does not catch: a value that another environment, argument or machine would change is not the file's. The fetchers
// are among them because restrict-eval is not enough: `fetchGit ./.` runs git in a folder of the file's choice, and git runs
// programs that the configuration there names.

/** The text of an `abort` that says what a value depends on begins with this; so does the context of an error. */
export const MARK = 'whisper needs';
const FETCHERS = ['fetchGit', 'fetchMercurial', 'fetchTarball', 'fetchTree'];
// Constants first: the builtins of Nix have these two always, and those of pure-eval do not.
const CONSTANTS = ['currentSystem', 'currentTime'];
const READERS = ['exec', 'fetchClosure', 'fetchurl', 'getFlake', 'importNative', 'storePath'];
const OTHERS = [...READERS, 'nixVersion', 'storeDir'];
const POSITION = 'unsafeGetAttrPos';
const PREFIXED = [...CONSTANTS, ...OTHERS, POSITION];

/** The replaced names, as the formals of the function around a text. */
export const SANDBOX = [
  'builtins, import, scopedImport, __getEnv, __pathExists, __findFile, __nixPath',
  ...FETCHERS,
  ...PREFIXED.map((name) => `__${name}`),
].join(', ');

const stops = (names: readonly string[], { kind = 'builtin', prefix = '' } = {}): string =>
  names.map((name) => `${prefix}${name} = stop "${kind}" "${name}";`).join(' ');

const STOP = `stop = what: name: abort "${MARK} \${what} \${name}";`;

/**
 * Nix: the names that replace builtins in a flake, in `scope`. Pure evaluation hides the environment and all files but
 * those of the flake and its inputs; yet it fetches whatever has a hash, and copies it into the store before that hash is
 * compared.
 */
export const FLAKE_SCOPE = `${STOP}
  outside = { ${stops([...FETCHERS, ...READERS], { kind: 'fetcher' })}
    path = given: if given ? sha256 then stop "fetcher" "path" else builtins.path given;
    findFile = searched: name: if builtins.substring 0 4 name == "nix/" then builtins.findFile [ ] name else stop "search" name;
  };
  scope = {
    builtins = builtins // builtins.intersectAttrs builtins outside // { inherit (scope) builtins import scopedImport; };
    import = scope.scopedImport { };
    scopedImport = own: builtins.scopedImport (scope // own);
    __path = outside.path;
    __findFile = outside.findFile;
    ${stops(FETCHERS, { kind: 'fetcher' })} ${stops(READERS, { kind: 'fetcher', prefix: '__' })}
  };`;

/**
 * Nix: `sandbox getEnv folder` returns the arguments of the function. `folder`: the one that may be read, or null. `import`
 * passes its own sandbox to each file that it reads, and refuses files with paths from `~`.
 */
export const MAKE_SANDBOX = `
  ${STOP}
  has = pattern: text: builtins.length (builtins.split pattern text) > 1;
  sandbox = getEnv: folder:
    let
      pathExists = path: if folder != null && isPlain (toString path) then builtins.pathExists path else stop "path" (toString path);
      isPlain = path: path == folder || (isInside path && builtins.all isPlainName (namesIn path) && leadsThroughFolders folder (namesIn path));
      isInside = path: builtins.substring 0 (builtins.stringLength folder + 1) path == folder + "/";
      namesIn = path: builtins.filter builtins.isString (builtins.split "/" (builtins.substring (builtins.stringLength folder + 1) (-1) path));
      isPlainName = name: !(builtins.elem name [ "" "." ".." ]);
      leadsThroughFolders = at: names:
        let name = builtins.head names; type = (builtins.readDir at).\${name} or "nothing"; in
        type == "nothing" || type == "regular" || (type == "directory"
        && (builtins.tail names == [ ] || leadsThroughFolders (at + "/" + name) (builtins.tail names)));
      textOf = path: builtins.readFile (if builtins.pathExists (path + "/default.nix") then path + "/default.nix" else path);
      namesHome = text: builtins.replaceStrings [ "~/" ] [ "" ] text != text;
      outside = { ${stops([...FETCHERS, ...PREFIXED])} };
      scope = {
        builtins = builtins // builtins.intersectAttrs builtins outside // {
          inherit (outside) ${CONSTANTS.join(' ')};
          inherit (scope) builtins import scopedImport;
          inherit getEnv pathExists findFile;
          nixPath = stop "search" "";
        };
        import = scope.scopedImport { };
        scopedImport = own: path:
          if namesHome (textOf (toString path)) then stop "home" (toString path)
          else builtins.scopedImport (scope // own) path;
        __getEnv = getEnv;
        __pathExists = pathExists;
        __findFile = findFile;
        __nixPath = stop "search" "";
        ${stops(FETCHERS)} ${stops(PREFIXED, { prefix: '__' })}
      };
      findFile = searched: name: stop "search" name;
    in scope;`;
