/** Everything in a Nix text that looks like a path with a slash. Too many are found rather than too few. */
const PATHS = /[a-zA-Z0-9._+-]*(?:\/[a-zA-Z0-9._+-]+)+|\.\//g;

/**
 * Files and folders that a Nix file may read, as absolute paths: what it names, taken from its folder and from `reach`, if
 * it lies in `reach`, the folder beyond which an evaluation reads nothing. Strings count too (`./. + "/list.json"`).
 */
export function importedPaths(
  text: string,
  folder: string,
  reach: string,
  resolve: (folder: string, path: string) => string,
): readonly string[] {
  const found = [...text.matchAll(PATHS)].flatMap(([path]) => (path.startsWith('/') ? [path, `.${path}`] : [path]));
  const paths = found.map((path) => resolve(folder, path));
  return [...new Set(paths)].filter((path) => path === reach || path.startsWith(`${reach}/`));
}
