import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let all: string | undefined;

/** An empty folder of a test's own. When the tests are over it goes, and with it what they wrote beside it. */
export function emptyFolder(): string {
  if (all === undefined) {
    const created = mkdtempSync(join(tmpdir(), "fund-tests-"));
    process.once("exit", () => {
      rmSync(created, { recursive: true, force: true });
    });
    all = created;
  }
  return mkdtempSync(join(all, "given-"));
}
