const VALUES = [
  'a b',
  'a..b',
  '.',
  '..a',
  'a.',
  'a."b',
  'a=b',
  "'a",
  'a;b',
  'ä',
  'a\n',
  'a/b',
  'x#a',
  '.#',
  '.#a b',
  '.#a.',
  '.?dir=x#a',
  'git+file:///srv/x#a',
  'git+https://x.example/y#a',
  'hg+file:///x#a',
  'nixpkgs#a',
  'flake:x#a',
  'github:a b#c',
  'ext::sh#a',
] as const;

/** Command lines with a value of `--attr` that is neither an attribute path nor a flake output, and what is said of it. */
export const WRONG_ATTRS = VALUES.map((attr) => {
  const says = /--attr takes an attribute path or a flake output, not "/;
  return [['list', `--attr=${attr}`], says, /./] as const satisfies readonly unknown[];
});
