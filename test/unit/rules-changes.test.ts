import { expect } from "chai";
import { network } from "hardhat";

import { shown } from "../../scripts/lib/rules/finding.ts";
import { DAY, PERIOD, code, foundAlliance } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import { World } from "../support/differential/world.ts";
import { seeded } from "../support/random.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const STATES = Array.from({ length: 40 }, (_, i) => `A${String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))}`);

describe("The rules of how many States are changed in a period", () => {
  for (const [when, genesisIn] of [
    ["less than a period", 30n * DAY],
    ["more than a period", PERIOD + 30n * DAY],
  ] as const) {
    it(`are the contract's from before genesis on, which lies ${when} ahead`, async () => {
      const a = await loadFixture(async function founded() {
        return await foundAlliance(connection, { states: STATES, partners: [], genesisIn });
      });
      const w = await World.of(a, seeded(1));
      const holds = async (act: () => Promise<unknown>) => {
        const findings = await w.step(act, true);
        expect(findings, shown(findings)).to.deep.equal([]);
      };
      await holds(() => Promise.resolve());
      const suspend = async (names: string[]) => {
        const data = names.map((name) => a.registry.interface.encodeFunctionData("suspend", [code(name)]));
        expect(await w.decide(...data.map((one) => ({ target: a.registry, data: one })))).to.equal(true);
      };
      await holds(() => suspend(STATES.slice(0, 3)));
      expect(await now(a)).to.be.below(a.genesis);
      expect(await a.registry.changesLeft()).to.equal(0n);
      await holds(() => a.time.increaseTo(a.genesis));
      await holds(() => suspend(STATES.slice(3, 6)));
      await holds(() => a.time.increaseTo(a.genesis + PERIOD));
    });
  }
});
