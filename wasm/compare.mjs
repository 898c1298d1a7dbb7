// Compares two modules that were compiled from nix-parser.c: `node compare.mjs MODULE MODULE FOLDER...` parses each text in the
// folders with both, and fails if they give different trees. The texts are in the format of grammar-tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [one, other, ...folders] = process.argv.slice(2);
const modules = [one, other].map((path) => new WebAssembly.Module(readFileSync(path)));
const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
if (files.length === 0) throw new Error('no text to compare the modules with');

for (const file of files) {
  const [expected, actual] = modules.map((module) => treeOf(module, sourceIn(file)));
  if (expected !== actual) throw new Error(`the modules give different trees for ${file}`);
}
console.log(`The modules give the same trees for ${files.length} texts.`);

/** The text between the header and the divider. */
function sourceIn(file) {
  const source = /^={3,}\n[^\n]+\n={3,}\n([^]*)\n-{3,}\n/.exec(readFileSync(file, 'utf8'))?.[1];
  if (source === undefined) throw new Error(`${file} is not in tree-sitter's corpus format`);
  return source;
}

/** The nodes that nix-parser.c describes, one on each line, with names in place of the numbers of symbols and fields. */
function treeOf(module, source) {
  const parser = new WebAssembly.Instance(module).exports;
  const address = parser.allocate(source.length);
  Buffer.from(parser.memory.buffer, address).write(source, 'utf16le');
  const count = parser.parse(address, source.length);
  if (count <= 0) throw new Error(`a text is not parsed: ${count}`);
  const words = new Uint32Array(parser.memory.buffer, parser.nodes(), count * 6);
  const lines = Array.from({ length: count }, (_, index) => {
    const [symbol, field, ...others] = words.subarray(index * 6, (index + 1) * 6);
    return [textAt(parser.symbol_name(symbol)), field && textAt(parser.field_name(field)), ...others].join(' ');
  });
  return lines.join('\n');

  function textAt(start) {
    const bytes = Buffer.from(parser.memory.buffer, start);
    return bytes.toString('latin1', 0, bytes.indexOf(0));
  }
}
