// Writes README's table of who may call what from the data that the tests try.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { withPermissions } from "./lib/permissions/readme.ts";

const path = fileURLToPath(new URL("../README.md", import.meta.url));
await writeFile(path, await withPermissions(await readFile(path, "utf8"), path));
