/** A contract of ours, as it was compiled for the chain that was recorded. */
export interface Build {
  /** `file:name`, by which forge finds its own build of it. */
  artifact: string;
  /** The creation code, without arguments. */
  bytecode: string;
}

/** What creates a contract again from another build of it. */
export interface Creation {
  /** Empty if the contract is none of ours: then `data` is all of its creation code. */
  artifact: string;
  data: string;
}

/** Finds whose creation code it is, and takes the constructor's arguments off its end. */
export function creationOf(code: string, builds: readonly Build[]): Creation {
  const build = builds.find(({ bytecode }) => code.startsWith(bytecode));
  return build === undefined
    ? { artifact: "", data: code }
    : { artifact: build.artifact, data: `0x${code.slice(build.bytecode.length)}` };
}
