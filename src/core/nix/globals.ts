/**
 * The names that Nix knows without being told: what `nix-instantiate --parse` of Nix 2.8 accepts as a variable.
 * A file that uses one of a newer Nix is not refused for good: it is read by asking Nix.
 */
export const GLOBALS: ReadonlySet<string> = new Set(
  `abort baseNameOf builtins derivation derivationStrict dirOf false fetchGit fetchMercurial fetchTarball fetchTree
  fromTOML import isNull map null placeholder removeAttrs scopedImport throw toString true
  __add __addErrorContext __all __any __appendContext __attrNames __attrValues __bitAnd __bitOr __bitXor __catAttrs
  __ceil __compareVersions __concatLists __concatMap __concatStringsSep __curPos __currentSystem __currentTime
  __deepSeq __div __elem __elemAt __fetchurl __filter __filterSource __findFile __floor __foldl' __fromJSON
  __functionArgs __genList __genericClosure __getAttr __getContext __getEnv __groupBy __hasAttr __hasContext __hashFile
  __hashString __head __intersectAttrs __isAttrs __isBool __isFloat __isFunction __isInt __isList __isPath __isString
  __langVersion __length __lessThan __listToAttrs __mapAttrs __match __mul __nixPath __nixVersion __parseDrvName
  __partition __path __pathExists __readDir __readFile __replaceStrings __seq __sort __split __splitVersion __storeDir
  __storePath __stringLength __sub __substring __tail __toFile __toJSON __toPath __toXML __trace __tryEval __typeOf
  __unsafeDiscardOutputDependency __unsafeDiscardStringContext __unsafeGetAttrPos __zipAttrsWith`.split(/\s+/),
);
