import fc from 'fast-check';
import { BLANK, code, layout, layOut } from './layout.ts';
import { literalList } from './lists.ts';
import { render } from './rendering.ts';
import { AGAIN, EXPORT } from './parts.ts';
import { letNames, result } from './results.ts';
import { head, otherBindings, outerWrappings, wrap } from './surroundings.ts';

/** Computed lists that only an evaluator can read, or nothing can without the arguments. `LIST` is a plain list. */
const COMPUTED: readonly string[] = [
  'map (size: "ggml-${size}.bin") [ "tiny" ]',
  'builtins.filter (name: name != "ggml-tiny.bin") LIST',
  'builtins.concatLists [ LIST LIST ]',
  'lib.optionals pkgs.stdenv.isLinux LIST',
  'lib.mkIf true LIST ++ LIST',
  'lib.mkMerge [ LIST (lib.mkDefault LIST) ]',
  'lib.mkOption { default = LIST; }',
  'LIST ++ lib.optional true "ggml-base.bin"',
  '(import ./models.nix )',
  'import ./models.nix { inherit pkgs; }',
  '(LIST ++ import ./more.nix )',
  'builtins.fromJSON (builtins.readFile ./models.json )',
  'pkgs.models',
  'LIST ++ pkgs.models',
  'pkgs.models ++ LIST',
  '(LIST ++ (pkgs.models))',
  'if pkgs ? laptop then LIST else [ ]',
  'if 1 < 2 then LIST else [ ]',
  'LIST ++ [ "ggml-${pkgs.size}.bin" ]',
  '[ "ggml-${toString 1}.bin" ]',
  "[ ''ggml-${lib.size}.bin'' ]",
  '[ pkgs.model ]',
  '[ "ggml-tiny.bin" pkgs.model ]',
  '[ "ggml-tiny.bin" (lib.head LIST) ]',
  '[ lib.size ]',
  'with { models = LIST; }; models',
  'with pkgs; models',
  '{ models = LIST; }.models',
  'pkgs.models or LIST',
  '(models: models) LIST',
  'assert pkgs ? models; LIST',
  'LIST == LIST',
  '[ 1 ]',
  '[ "ggml-tiny.bin" 1 ]',
  '[ null ]',
  '[ ./ggml-tiny.bin ]',
  '[ [ "ggml-tiny.bin" ] ]',
  '[ { } ]',
  '[ (-1) ]',
  '"ggml-tiny.bin"',
  '{ }',
  'null',
  'pkgs',
  'lib',
  'LIST // LIST',
  '- LIST',
  'LIST ++ "ggml-tiny.bin"',
  'LIST + LIST',
  'activeModels: LIST',
];

const computed = fc
  .tuple(fc.constantFrom(...COMPUTED), literalList)
  .map(([text, list]) => code(text).replaceAll('LIST', () => render(list).template));

/** Files that Nix parses and whose list must not be read: it comes from arguments, functions or other files, or is not a list of strings. */
export const unreadable: fc.Arbitrary<string> = fc
  .record({ computed, hops: fc.nat(2), head, outer: outerWrappings, others: otherBindings, result, layout })
  .map((given) => {
    const names = ['wanted', 'chosen', 'again'].slice(0, given.hops + 1);
    // The value under a name, and names for that name.
    const bindings = names.map((name, at) => ({ name, value: names[at - 1] ?? given.computed }));
    const body = given.result.write(`(${names.at(-1)}${BLANK})`, given.others);
    const text = layOut(given.head + wrap(letNames(bindings, body, 'let'), given.outer), given.layout);
    return text.replaceAll(EXPORT, '').replaceAll(AGAIN, '');
  });
