import { type ParsedText, spanOf, stripParentheses, type SyntaxNode } from '../registry/syntax.ts';

/** The output of a flake that is the list. */
export const OUTPUT = 'lib.activeModels';

type Parsed = Pick<ParsedText, 'root' | 'text'>;

/** A registry in the project of a flake. */
export interface Exported {
  readonly flake: Parsed;
  readonly registry: Parsed;
  /** The path of the registry from the folder of flake.nix. */
  readonly path: string;
  /** The attrpath of the list in the result of the registry. */
  readonly attrpath: string;
  /** Such as `x86_64-linux`. */
  readonly system: string;
}

/**
 * The binding for the outputs of a flake that makes the list of a registry one of them, by importing the registry with
 * arguments from the inputs. `undefined` where its arguments are not such as can be given, or the flake does not name nixpkgs.
 */
export function exportLine({ flake, registry, path, attrpath, system }: Exported): string | undefined {
  const module = argumentsOf(resultOf(registry.root), registry.text);
  const outputs = argumentsOf(outputsOf(flake), flake.text);
  if (!outputs || !/^[\w./+-]+$/.test(path)) return undefined;
  const imported = `import ./${path}`;
  const bind = (call: string): string => `${OUTPUT} = (${call}).${attrpath};`;
  if (!module) return bind(imported);
  const isOpen = module.formals.length === 0 && (module.whole !== undefined || module.hasMore);
  const wanted = isOpen
    ? [
        { name: 'pkgs', isRequired: true },
        { name: 'lib', isRequired: true },
      ]
    : module.formals;
  const given: string[] = [];
  for (const { name, isRequired } of wanted) {
    const value = valueOf(name, outputs, system);
    if (value !== undefined) given.push(`${name} = ${value};`);
    else if (isRequired) return undefined;
  }
  return bind(`${imported} { ${given.map((each) => `${each} `).join('')}}`);
}

interface Arguments {
  readonly formals: readonly { readonly name: string; readonly isRequired: boolean }[];
  readonly hasMore: boolean;
  /** The name of the whole argument. */
  readonly whole: string | undefined;
}

function valueOf(name: string, outputs: Arguments, system: string): string | undefined {
  const nixpkgs = inputOf('nixpkgs', outputs);
  if (name === 'pkgs') return nixpkgs && `${nixpkgs}.legacyPackages.${system}`;
  if (name === 'lib') return nixpkgs && `${nixpkgs}.lib`;
  if (name === 'inputs' && outputs.whole !== undefined) return outputs.whole;
  return outputs.formals.some((formal) => formal.name === name) ? name : undefined;
}

/** How an input is named in the outputs of a flake. */
function inputOf(name: string, { formals, whole }: Arguments): string | undefined {
  if (formals.some((formal) => formal.name === name)) return name;
  return whole === undefined ? undefined : `${whole}.${name}`;
}

/** The arguments of a function; `undefined` for anything else. */
function argumentsOf(node: SyntaxNode | undefined, text: string): Arguments | undefined {
  if (node?.type !== 'function_expression') return undefined;
  const named = (each: SyntaxNode | null): string | undefined =>
    each?.type === 'identifier' ? textOf(each, text) : undefined;
  const children = node.childForFieldName('formals')?.namedChildren ?? [];
  const formals = children.flatMap((formal) => {
    const name = formal.type === 'formal' ? named(formal.childForFieldName('name')) : undefined;
    return name === undefined ? [] : [{ name, isRequired: formal.childForFieldName('default') === null }];
  });
  return {
    formals,
    hasMore: children.some(({ type }) => type === 'ellipses'),
    whole: named(node.childForFieldName('universal')),
  };
}

function outputsOf({ root, text }: Parsed): SyntaxNode | undefined {
  const set = resultOf(root);
  const bindings = set?.namedChildren.find(({ type }) => type === 'binding_set')?.namedChildren ?? [];
  const outputs = bindings.find((binding) => {
    const path = binding.childForFieldName('attrpath');
    return path !== null && textOf(path, text) === 'outputs';
  });
  const value = outputs?.childForFieldName('expression');
  return value ? stripParentheses(value) : undefined;
}

function resultOf(root: SyntaxNode): SyntaxNode | undefined {
  const value = root.childForFieldName('expression');
  return value ? stripParentheses(value) : undefined;
}

function textOf(node: SyntaxNode, text: string): string {
  const { start, end } = spanOf(node);
  return text.slice(start, end);
}
