import { parseNix } from '../src/adapters/registry/parser.ts';
import { readCorpus, treeOf, writeTree } from './corpus.ts';
import { writeTable } from './readme.ts';

// Run by hand after a change of the grammar or of a construct; `git diff` then shows the differences.
for (const { name, source, tree } of readCorpus()) {
  const now = treeOf(parseNix(source), source);
  if (now !== tree) writeTree(name, now);
}
writeTable();
