# Where the file of a pin is: at `url`, or on the hub by `repo`, `revision` and `path`, which is the name of the file unless given.
# `hub` is the address of the hub, or of a mirror that replaces it for all its addresses.
hub:
let
  # Characters that no address contains as they are, or that would end the path. Nix encodes those outside of ASCII.
  codes = {
    " " = "%20";
    "\"" = "%22";
    "#" = "%23";
    "%" = "%25";
    "<" = "%3C";
    ">" = "%3E";
    "?" = "%3F";
    "[" = "%5B";
    "\\" = "%5C";
    "]" = "%5D";
    "^" = "%5E";
    "`" = "%60";
    "{" = "%7B";
    "|" = "%7C";
    "}" = "%7D";
  };
  encode = builtins.replaceStrings (builtins.attrNames codes) (builtins.attrValues codes);
  encodeWhole = text: builtins.replaceStrings [ "/" ] [ "%2F" ] (encode text);

  hubs = [
    "${hub}/"
    "https://huggingface.co/"
    "https://www.huggingface.co/"
    "https://hf.co/"
  ];
  lengthOf = builtins.stringLength;
  isBelow = base: url: builtins.substring 0 (lengthOf base) url == base;

  # The page of a file on the hub (`/blob/`, `?download=true`) means the file itself, as it does for `whisper download`.
  addressOf =
    url:
    let
      bases = builtins.filter (base: isBelow base url) hubs;
      below = builtins.substring (lengthOf (builtins.head bases)) (lengthOf url) url;
      file = builtins.match "([^/?#]+(/[^/?#]+)?)/(resolve|blob|raw)/([^?#]+).*" below;
    in
    if bases == [ ] || file == null then
      builtins.head (builtins.match "([^#]*).*" url)
    else
      "${hub}/${builtins.head file}/resolve/${builtins.elemAt file 3}";
in
pin:
if pin ? repo then
  "${hub}/${pin.repo}/resolve/${encodeWhole pin.revision}/${encode (pin.path or pin.file)}"
else
  addressOf pin.url
