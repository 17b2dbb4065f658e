import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { INTERFACES } from "../../scripts/lib/events/bindings.ts";
import { decode } from "../../scripts/lib/events/decode.ts";
import type { Speaker } from "../../scripts/lib/events/events.ts";
import { code, dossierOf } from "../support/alliance.ts";

const PLACE = { block: 7, index: 3, transaction: ZeroHash, time: 1_600_000_000 };

/** What is read of an event written with these values. */
function reread(by: Speaker, name: string, values: unknown[]) {
  const abi = INTERFACES[by];
  return decode(by, abi.encodeEventLog(name, values), PLACE);
}

describe("decode", () => {
  it("gives place, contract, name and values by their names", () => {
    const event = reread("fund", "Released", [101n, code("LTU"), 5n]);
    expect(event).to.deep.equal({
      ...PLACE,
      by: "fund",
      name: "Released",
      args: { attackId: 101n, member: code("LTU"), amount: 5n },
    });
  });

  it("gives the parts of a struct by their names", () => {
    const record = [9n, ZeroAddress, 1n, 101n, 2n, 3n, 4n, 5n];
    const event = reread("fund", "AwardMade", [101n, record, 1n, 0n]);
    expect(event?.args).to.deep.include({ attackId: 101n, treasuryPaid: 1n }).and.to.have.property("record");
    expect((event?.args as { record: unknown }).record).to.deep.equal({
      sequence: 9n,
      module: ZeroAddress,
      madeAt: 1n,
      attackId: 101n,
      treasuryPart: 2n,
      treasuryBefore: 3n,
      earmarkPart: 4n,
      earmarkBefore: 5n,
    });
  });

  it("gives lists as lists, empty ones and those of structs too", () => {
    const proposal = [1n, ZeroAddress, [ZeroAddress, ZeroAddress], [0n, 2n], [], ["0x1234"], 5n, 6n, "why"];
    const event = reread("council", "ProposalCreated", proposal);
    expect(event?.args).to.deep.include({
      targets: [ZeroAddress, ZeroAddress],
      values: [0n, 2n],
      signatures: [],
      calldatas: ["0x1234"],
    });
    const dossier = dossierOf("LTU");
    const applied = reread("registry", "Applied", [code("LTU"), ZeroHash, 0n, ZeroAddress, ZeroAddress, dossier]);
    expect(applied?.args).to.deep.include({ dossier });
  });

  it("knows no event of another contract", () => {
    const log = INTERFACES.fund.encodeEventLog("BreakerArmed", []);
    expect(decode("panel", log, PLACE)).to.equal(undefined);
  });
});
