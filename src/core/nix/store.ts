/** Whether a path lies in the Nix store, where nothing is written but by Nix. */
export function isInStore(path: string): boolean {
  return `${path}/`.startsWith('/nix/store/');
}
