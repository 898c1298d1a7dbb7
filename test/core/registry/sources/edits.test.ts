import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WhisperError } from '../../../../src/core/errors.ts';
import type { NewSource } from '../../../../src/core/registry/sources/source.ts';
import { withoutSources, withPins, withSources } from '../../../support/sources-text.ts';

const HEX = '00'.repeat(32);
const SRI = `sha256-${'A'.repeat(43)}=`;
const FULL: NewSource = { file: 'ggml-n.bin', url: 'https://n.example/n', sha256: HEX, size: 7 };
const BARE: NewSource = { ...FULL, sha256: undefined, size: undefined };

/** Texts before and after a source without hash and size is added. */
const ADDED: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'a file on one line': [
    '{ activeModels = [ ]; }\n',
    '{ activeModels = [ ]; modelSources = { "ggml-n.bin" = { url = "https://n.example/n"; }; }; }\n',
  ],
  'a binding in a `let`': [
    'let\n  activeModels = [ ];\nin\n{ inherit activeModels; }\n',
    'let\n  activeModels = [ ];\n  modelSources = {\n    "ggml-n.bin" = {\n      url = "https://n.example/n";\n    };\n  };\nin\n{ inherit activeModels; }\n',
  ],
  'an attrpath of a module': [
    '{ pkgs, ... }:\n{\n  programs.whisper.activeModels = [ ];\n}\n',
    '{ pkgs, ... }:\n{\n  programs.whisper.activeModels = [ ];\n  programs.whisper.modelSources = {\n    "ggml-n.bin" = {\n      url = "https://n.example/n";\n    };\n  };\n}\n',
  ],
  'line ends of Windows and tabs': [
    '{\r\n\tactiveModels = [\r\n\t];\r\n}\r\n',
    '{\r\n\tactiveModels = [\r\n\t];\r\n\r\n\tmodelSources = {\r\n\t\t"ggml-n.bin" = {\r\n\t\t\turl = "https://n.example/n";\r\n\t\t};\r\n\t};\r\n}\r\n',
  ],
  'a comment behind the binding': [
    '{\n  activeModels = [ ]; # mine\n  a = 1;\n}\n',
    '{\n  activeModels = [ ]; # mine\n  modelSources = {\n    "ggml-n.bin" = {\n      url = "https://n.example/n";\n    };\n  };\n  a = 1;\n}\n',
  ],
  'another binding on the same line': [
    '{\n  activeModels = [ ]; a = 1;\n}\n',
    '{\n  activeModels = [ ];\n  modelSources = {\n    "ggml-n.bin" = {\n      url = "https://n.example/n";\n    };\n  }; a = 1;\n}\n',
  ],
  'an empty set': [
    '{\n  activeModels = [ ];\n  modelSources = { };\n}\n',
    '{\n  activeModels = [ ];\n  modelSources = {\n    "ggml-n.bin" = {\n      url = "https://n.example/n";\n    };\n  };\n}\n',
  ],
  'a comment in an empty set': [
    '{\n  activeModels = [ ];\n  modelSources = {\n    # none }\n  };\n}\n',
    '{\n  activeModels = [ ];\n  modelSources = {\n    # none }\n    "ggml-n.bin" = {\n      url = "https://n.example/n";\n    };\n  };\n}\n',
  ],
  'entries on one line': [
    '{ activeModels = [ ]; modelSources = { x = { url = "https://x.example"; }; }; }',
    '{ activeModels = [ ]; modelSources = { x = { url = "https://x.example"; }; "ggml-n.bin" = { url = "https://n.example/n"; }; }; }',
  ],
  'parts of the set': [
    '{\n  activeModels = [ ];\n  modelSources.x.url = "https://x.example"; # x\n}\n',
    '{\n  activeModels = [ ];\n  modelSources.x.url = "https://x.example"; # x\n  modelSources."ggml-n.bin" = {\n    url = "https://n.example/n";\n  };\n}\n',
  ],
  'parts with a longer attrpath': [
    '{ a.activeModels = [ ]; a."modelSources".x.url = "https://x.example"; }',
    '{ a.activeModels = [ ]; a."modelSources".x.url = "https://x.example"; a."modelSources"."ggml-n.bin" = { url = "https://n.example/n"; }; }',
  ],
  'sources in a `let` that are inherited': [
    'let modelSources = { }; in { activeModels = [ ]; inherit modelSources; }',
    'let modelSources = {\n  "ggml-n.bin" = {\n    url = "https://n.example/n";\n  };\n}; in { activeModels = [ ]; inherit modelSources; }',
  ],
  'the sources beside the list, not those of another list': [
    '{ a = { activeModels = [ ]; modelSources = { }; }; b.modelSources = { }; }',
    '{ a = { activeModels = [ ]; modelSources = {\n  "ggml-n.bin" = {\n    url = "https://n.example/n";\n  };\n}; }; b.modelSources = { }; }',
  ],
};

for (const [what, [before, after]] of Object.entries(ADDED)) {
  test(`adds a source to ${what}`, () => assert.equal(withSources(before, [BARE]), after));
}

const ENTRY = '"ggml-n.bin" = { url = "https://n.example/n"; };';
const REFUSED: Readonly<Record<string, string>> = {
  'a name `modelSources` that is an argument': '{ modelSources }: rec { activeModels = [ ]; copy = modelSources; }',
  'a name `modelSources` in a `with`': 'with { modelSources = 1; }; rec { activeModels = [ ]; copy = modelSources; }',
  'sources that are computed': '{ f }: { activeModels = [ ]; modelSources = f { }; }',
  'sources that another file may have': 'import ./x.nix // { activeModels = [ ]; }',
  'sources under another name': 'let s = { }; in { activeModels = [ ]; modelSources = s; }',
  'sources that are also another attribute': 'rec { activeModels = [ ]; modelSources = { }; copy = modelSources; }',
  'sources of a `let` that something else uses':
    'let modelSources = { }; in { activeModels = [ ]; copy = modelSources; }',
  'a set of the list that is also another attribute': 'let own = { activeModels = [ ]; }; in own // { copy = own; }',
  'a set that refers to itself': 'let own = { activeModels = [ ]; names = builtins.attrNames own; }; in own',
  'a computed name that may be the sources': '{ activeModels = [ ]; ${"model" + "Sources"} = { }; }',
  'a computed name beside a nested list': '{ a = { activeModels = [ ]; ${"model" + "Sources"} = { }; }; }',
};

for (const [what, text] of Object.entries(REFUSED)) {
  test(`adds no source beside ${what}, and says what to write`, () => {
    const error = withSources(text, [BARE]);
    assert.ok(error instanceof WhisperError, String(error));
    assert.equal(error.exitCode, 3);
    assert.ok(error.hint?.includes(`modelSources.${ENTRY.slice(0, -1)}`), error.hint);
  });
}

/** Texts before and after the hash and the size of `ggml-n.bin` are completed. */
const COMPLETED: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'an empty hash': [
    `{ activeModels = [ ]; modelSources."ggml-n.bin" = { url = "https://n.example/n"; hash = ""; size = 7; }; }`,
    `{ activeModels = [ ]; modelSources."ggml-n.bin" = { url = "https://n.example/n"; hash = "${SRI}"; size = 7; }; }`,
  ],
  'an empty sha256': [
    `{ activeModels = [ ]; modelSources."ggml-n.bin" = { sha256 = ''''; url = "https://n.example/n"; size = 7; }; }`,
    `{ activeModels = [ ]; modelSources."ggml-n.bin" = { sha256 = "${SRI}"; url = "https://n.example/n"; size = 7; }; }`,
  ],
  attrpaths: [
    `{ activeModels = [ ]; modelSources."ggml-n.bin".url = "https://n.example/n"; }`,
    `{ activeModels = [ ]; modelSources."ggml-n.bin".url = "https://n.example/n"; modelSources."ggml-n.bin".hash = "${SRI}"; modelSources."ggml-n.bin".size = 7; }`,
  ],
  lines: [
    `{\n  activeModels = [ ];\n  modelSources = {\n    n = {\n      url = "https://n.example/n"; # n\n    };\n  };\n}\n`,
    `{\n  activeModels = [ ];\n  modelSources = {\n    n = {\n      url = "https://n.example/n"; # n\n      hash = "${SRI}";\n      size = 7;\n    };\n  };\n}\n`,
  ],
};

for (const [what, [before, after]] of Object.entries(COMPLETED)) {
  test(`completes a source with ${what}`, () => assert.equal(withPins(before, [FULL]), after));
}

const N = '"ggml-n.bin"';
const LEFT: Readonly<Record<string, string>> = {
  'a set with a name': `let n = { url = "https://n.example/n"; }; in { activeModels = [ ]; modelSources.${N} = n; copy = n; }`,
  'a hash with a name': `let h = ""; in { activeModels = [ ]; modelSources.${N} = { url = "https://n.example/n"; hash = h; size = 7; }; copy = h; }`,
  'an inherited hash': `let hash = ""; in { activeModels = [ ]; modelSources.${N} = { url = "https://n.example/n"; inherit hash; size = 7; }; copy = hash; }`,
  'a `rec` set that uses an outer size': `let size = 1; in { activeModels = [ ]; modelSources.${N} = rec { url = "https://n.example/n"; note = size; }; }`,
  'sources that are also another attribute': `rec { activeModels = [ ]; modelSources.${N}.url = "https://n.example/n"; copy = modelSources; }`,
};

for (const [what, text] of Object.entries(LEFT)) {
  test(`leaves ${what} incomplete`, () => assert.equal(withPins(text, [FULL]), text));
}

const KEPT = '{\n  activeModels = [ ];\n  modelSources = {\n    # first\n    x.url = "https://x.example";\n  };\n}\n';
const RESTORED: readonly string[] = [
  KEPT,
  KEPT.replaceAll('\n', '\r\n'),
  KEPT.replaceAll('  ', '\t'),
  KEPT.replace(/\s+/g, ' ').replace('# first', '/* first */'),
  '{\n  activeModels = [ ];\n  modelSources.x.url = "https://x.example"; # x\n  a = 1;\n}\n',
  '{ a.modelSources.x = { url = "https://x.example"; }; a.activeModels = [ ]; }',
];

for (const text of RESTORED) {
  test(`removes an added source without a trace from ${JSON.stringify(text)}`, () => {
    const added = withSources(text, [FULL, { ...BARE, file: 'ggml-o.bin' }]);
    assert.notEqual(added, text);
    assert.equal(withoutSources(String(added), ['ggml-n.bin', 'ggml-o.bin']), text);
  });
}

const STAYING: Readonly<Record<string, string>> = {
  'that is also another attribute': `rec { activeModels = [ ]; modelSources.${N}.url = "https://n.example/n"; copy = modelSources; }`,
  'whose name is used': `{ activeModels = [ ]; modelSources = rec { n = { url = "https://n.example/n"; }; "ggml-o.bin" = n; }; }`,
  'under another name': `let s = { n.url = "https://n.example/n"; }; in { activeModels = [ ]; modelSources = s; }`,
};

for (const [what, text] of Object.entries(STAYING)) {
  test(`keeps a source ${what}`, () => assert.equal(withoutSources(text, ['ggml-n.bin']), text));
}
