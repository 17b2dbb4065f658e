import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { LogFile } from "../../scripts/lib/audit/log-file.ts";
import { InputError } from "../../scripts/lib/csv.ts";
import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { folderFault, openFolder } from "../../scripts/lib/folders.ts";
import { writeCampaign } from "../../scripts/lib/tools/campaign-files.ts";
import { emptyFolder } from "../support/folders.ts";
import { thrownBy } from "../support/tools.ts";

/** Where Linux shows its processes: there every right is given, and nothing can be made. */
const PROC = "/proc/no/such/folder";
const onLinux = existsSync("/proc/self");

describe("openFolder", () => {
  it("makes the folder and those above it, and leaves nothing in them", () => {
    const top = emptyFolder();
    const folder = join(top, "a", "b");
    expect(folderFault(folder)).to.equal(undefined);
    expect(readdirSync(top)).to.deep.equal([]);
    openFolder(folder);
    expect(readdirSync(join(top, "a"))).to.deep.equal(["b"]);
    openFolder(folder);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  describe("given a place where no folder can be", () => {
    it("names the file that is in the way", () => {
      const file = join(emptyFolder(), "file");
      writeFileSync(file, "");
      expect(() => {
        openFolder(file);
      }).to.throw(InputError, `--out: cannot write into ${file}: it is not a folder`);
      const below = join(file, "a", "b");
      expect(() => {
        openFolder(below, "--cache");
      }).to.throw(InputError, `--cache: cannot write into ${below}: ${file} is not a folder`);
    });

    it("says so of a link that leads nowhere", () => {
      const link = join(emptyFolder(), "link");
      symlinkSync(join(emptyFolder(), "nowhere", "at", "all"), link);
      expect(() => {
        openFolder(link);
      }).to.throw(InputError, `cannot write into ${link}: no folder can be made there`);
    });

    if (!onLinux) return;

    it("ends at once where the system refuses whatever the rights say", () => {
      for (const folder of ["/proc", PROC]) {
        expect(folderFault(folder)).to.equal("no folder can be made there");
        expect(() => {
          openFolder(folder);
        }).to.throw(InputError, `--out: cannot write into ${folder}: no folder can`);
      }
    });

    it("is told so for the resume file of an audit, and for a campaign", async () => {
      const subject = { chainId: "1", contracts: {}, firstBlock: 0 };
      const ofAudit = await thrownBy(LogFile.open(join(PROC, "logs.jsonl"), subject));
      expect(ofAudit).to.be.instanceOf(CannotCheck);
      expect(String(ofAudit)).to.include(`--cache: cannot write into ${PROC}: no folder can be made there`);
      const place = { chainId: 1n, distributor: `0x${"11".repeat(20)}`, attackId: 1n, number: 1n };
      const ofCampaign = await thrownBy(writeCampaign(PROC, place, []));
      expect(ofCampaign).to.be.instanceOf(InputError);
      expect(String(ofCampaign)).to.include(`--out: cannot write into ${PROC}: no folder can be made there`);
    });
  });
});
