/** A string as a Nix literal. */
export function quote(value: string): string {
  return `"${value
    .replace(/["\\]|\$(?=\{)/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')}"`;
}
