/** The licenses of other people's code that the bundles contain. */

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its license, as it came with the package. */
  readonly license: string;
}

/** What esbuild says of the bundles that it made. */
export interface BundleFacts {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

/** The folders of the packages of which something is in the bundles. */
export function packageFolders({ outputs }: BundleFacts): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined);
}

/** One text that names every package with its license; a license that several have is there once. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const byLicense = new Map<string, string[]>();
  for (const { name, version, license } of packages) {
    const key = license.trim().replaceAll(/\r\n?/g, '\n');
    byLicense.set(key, [...(byLicense.get(key) ?? []), `${name} ${version}`]);
  }
  const parts = [...byLicense].map(([license, names]) => `${names.toSorted().join('\n')}\n\n${license}\n`);
  return ['The programs in this folder contain these packages.\n', ...parts.toSorted()].join(`\n${'-'.repeat(72)}\n\n`);
}
