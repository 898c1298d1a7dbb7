/** The part of the WebAssembly interface that the parser uses: Node's types lack it, and those of browsers declare all else too. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  const Module: new (bytes: Uint8Array) => Module;

  interface Instance {
    readonly exports: unknown;
  }
  const Instance: new (module: Module) => Instance;

  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  /** What a trap throws, such as memory that is used up. */
  class RuntimeError extends Error {}
}
