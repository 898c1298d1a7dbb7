{
  "targets": [
    {
      "target_name": "nix_grammar",
      "variables": {
        "grammar": "<!(node -p \"require('path').relative('.', require.resolve('tree-sitter-nix/package.json') + '/../src')\")"
      },
      "include_dirs": ["<(grammar)"],
      "sources": ["native/nix-grammar.c", "<(grammar)/parser.c", "<(grammar)/scanner.c"],
      "cflags": ["-std=c11", "-O2"]
    },
    {
      "target_name": "file_writers",
      "sources": ["native/file-writers.c"],
      "cflags": ["-std=c11", "-O2"]
    }
  ]
}
