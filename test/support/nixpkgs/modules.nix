# Options and modules. A condition is pushed down to the options below it, and looked at when one of them is wanted.
let
  isMarked = kind: value: builtins.isAttrs value && value._type or "" == kind;
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };

  pushDown =
    value:
    if isMarked "if" value then builtins.mapAttrs (_: mkIf value.condition) (pushDown value.content) else value;
  discharge =
    value:
    if !isMarked "if" value then
      [ value ]
    else if value.condition then
      discharge value.content
    else
      [ ];
  namesOf = sets: builtins.attrNames (builtins.foldl' (all: set: all // set) { } sets);
  valuesAt = name: builtins.concatMap (set: if set ? ${name} then [ set.${name} ] else [ ]);

  # What the modules say (`said`) of an option, or of the options in a set.
  settle =
    path: option: said:
    if isMarked "option" option then
      let
        values = builtins.concatMap discharge said;
      in
      if values == [ ] then
        option.default
      else if builtins.all option.type.check values then
        option.type.merge values
      else
        throw "The option ${path} is not a ${option.type.name}"
    else
      let
        sets = map pushDown said;
        unknown = builtins.filter (name: !option ? ${name}) (namesOf sets);
      in
      if unknown == [ ] then
        builtins.mapAttrs (name: inner: settle "${path}.${name}" inner (valuesAt name sets)) option
      else
        throw "There is no option ${path}.${builtins.head unknown}";

  declareAll =
    left: right:
    left
    // builtins.mapAttrs (
      name: option: if left ? ${name} then declareAll left.${name} option else option
    ) right;

  type = name: check: {
    inherit name check;
    merge = builtins.head;
  };
in
{
  inherit mkIf;
  mkOption = option: option // { _type = "option"; };
  mkEnableOption = _: {
    _type = "option";
    type = type "boolean" builtins.isBool;
    default = false;
  };
  literalExpression = text: { inherit text; };

  types = {
    str = type "string" builtins.isString;
    attrs = type "set" builtins.isAttrs;
    package = type "package" (value: value.type or "" == "derivation");
    ints.unsigned = type "number" (value: builtins.isInt value && value >= 0);
    nullOr = inner: inner // { check = value: value == null || inner.check value; };
    submodule =
      { options }:
      type "set" builtins.isAttrs
      // {
        merge = settle "submodule" options;
      };
    listOf =
      inner:
      type "list" (value: builtins.isList value && builtins.all inner.check value)
      // {
        merge = builtins.concatLists;
      };
    attrsOf =
      inner:
      type "set" builtins.isAttrs
      // {
        merge =
          said:
          let
            sets = map pushDown said;
            valuesOf = name: builtins.concatMap discharge (valuesAt name sets);
          in
          builtins.listToAttrs (
            map (name: {
              inherit name;
              value =
                if builtins.all inner.check (valuesOf name) then
                  inner.merge (valuesOf name)
                else
                  throw "The option ${name} is not a ${inner.name}";
            }) (builtins.filter (name: valuesOf name != [ ]) (namesOf sets))
          );
      };
  };

  evalModules =
    {
      modules,
      specialArgs ? { },
    }:
    let
      load =
        module:
        if builtins.isPath module then
          load (import module)
        else if builtins.isFunction module then
          module (
            {
              inherit config;
              lib = import ./lib.nix;
            }
            // specialArgs
          )
        else
          module;
      loaded = map load modules;
      options = builtins.foldl' declareAll { } (map (module: module.options or { }) loaded);
      config = settle "config" options (
        map (module: module.config or (removeAttrs module [ "options" ])) loaded
      );
    in
    {
      inherit config options;
    };
}
