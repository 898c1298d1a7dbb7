/** The name of the library in a probe; no generated text has it. */
const MODULE_LIBRARY = "whisper'lib";

/**
 * The eight functions that mark definitions of a module, and how Nix merges what they mark, written after the definitions in
 * nixpkgs (lib/modules.nix: `mkIf`, `mkMerge`, `mkOverride`, `mkOrder`, `pushDownProperties`, `dischargeProperties`,
 * `filterOverrides`, `sortProperties`): neither npm nor Debian has that library. An option is whatever is not a set.
 */
const LIBRARY = `rec {
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  typeOf = value: if builtins.isAttrs value then value._type or "" else "";
  discharge = value:
    if typeOf value == "merge" then builtins.concatMap discharge value.contents
    else if typeOf value == "if" then (if value.condition then discharge value.content else [ ])
    else [ value ];
  pushDown = value:
    if typeOf value == "merge" then builtins.concatMap pushDown value.contents
    else if typeOf value == "if" then map (builtins.mapAttrs (_: mkIf value.condition)) (pushDown value.content)
    else if typeOf value == "override" then map (builtins.mapAttrs (_: mkOverride value.priority)) (pushDown value.content)
    else [ value ];
  isTree = value:
    if typeOf value == "merge" then builtins.all isTree value.contents
    else if typeOf value == "if" || typeOf value == "override" then isTree value.content
    else builtins.isAttrs value && typeOf value == "";
  merge = definitions:
    if builtins.all isTree definitions then
      builtins.mapAttrs (_: merge) (builtins.zipAttrsWith (_: values: values) (builtins.concatMap pushDown definitions))
    else option (builtins.concatMap discharge definitions);
  option = values:
    let
      priorityOf = value: if typeOf value == "override" then value.priority else 100;
      highest = builtins.foldl' (least: value: if priorityOf value < least then priorityOf value else least) 9999 values;
      kept = builtins.filter (value: priorityOf value == highest) values;
      stripped = map (value: if typeOf value == "override" then value.content else value) kept;
      orderOf = value: if typeOf value == "order" then value.priority else 1000;
      sorted = builtins.sort (one: other: orderOf one < orderOf other) stripped;
      contents = map (value: if typeOf value == "order" then value.content else value) sorted;
    in
    if builtins.all builtins.isList contents then builtins.concatLists contents
    else if builtins.length contents == 1 then builtins.head contents
    else throw "definitions that cannot be merged";
  call = value:
    if builtins.isFunction value
    then call (value (builtins.mapAttrs (name: _: throw "argument \${name}") (builtins.functionArgs value)))
    else value;
}`;

/** What Nix is asked about a module: what its definitions come to, with these functions for those of `lib`. */
export function evaluatedModule(text: string): string {
  const module = text.replace(/\blib\.mk(?=[A-Z])/g, `${MODULE_LIBRARY}.mk`);
  return `let ${MODULE_LIBRARY} = ${LIBRARY}; in ${MODULE_LIBRARY}.merge [ (${MODULE_LIBRARY}.call (\n${module}\n)) ]`;
}
