const OLDEST = [22, 18] as const;

/**
 * Runs a program if this Node can. It is imported only then: an older one fails while it links what the program
 * imports, with an error that does not say why.
 */
export async function requireNode(name: string, program: () => Promise<unknown>): Promise<void> {
  const { node } = process.versions;
  if (isOld(node)) {
    process.stderr.write(`${name} needs Node ${OLDEST.join('.')} or newer; this is Node ${node}.\n`);
    process.exitCode = 1;
  } else await program();
}

/** @param version e.g. `20.20.2` */
export function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
