import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { asTimelock, foundAlliance } from "../support/alliance.ts";
import { ADMIN_ROLE, foundRegistry } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

describe("Governed", () => {
  async function founding() {
    return await foundRegistry(connection, 2);
  }

  async function founded() {
    const a = await foundAlliance(connection);
    const governed = [a.registry, a.fund, a.ledger, a.coverage, a.register, a.panel];
    return { ...a, governed };
  }

  describe("constructor", () => {
    it("gives the power to decide to the timelock, and to the founder until it hands over", async () => {
      const { registry, founder, council } = await loadFixture(founding);
      expect(await registry.timelock()).to.equal(council.address);
      expect(await registry.founder()).to.equal(founder.address);
      expect(await registry.isFounding()).to.equal(true);
      expect(await registry.hasRole(ADMIN_ROLE, founder.address)).to.equal(true);
      expect(await registry.hasRole(ADMIN_ROLE, council.address)).to.equal(true);
    });

    it("wants a timelock", async () => {
      const { ethers, registry, genesis } = await loadFixture(founding);
      await expect(ethers.deployContract("MemberRegistry", [ZeroAddress, genesis])).to.be.revertedWithCustomError(
        registry,
        "GovernedZeroAddress",
      );
    });
  });

  describe("isFounding", () => {
    it("ends when the founder hands over, of its own", async () => {
      const { registry, founder, founderOf } = await loadFixture(founding);
      await registry.renounceRole(ADMIN_ROLE, founder.address);
      expect(await registry.isFounding()).to.equal(false);
      expect(await registry.hasRole(ADMIN_ROLE, founder.address)).to.equal(false);
      await expect(registry.admitFounders([founderOf(2)]))
        .to.be.revertedWithCustomError(registry, "GovernedFoundingIsOver")
        .withArgs(founder.address);
      await expect(registry.suspend(founderOf(0).code))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(founder.address, ADMIN_ROLE);
    });

    it("ends when the timelock takes the power from the founder", async () => {
      const { registry, founder, council } = await loadFixture(founding);
      await registry.connect(council).revokeRole(ADMIN_ROLE, founder.address);
      expect(await registry.isFounding()).to.equal(false);
    });

    it("does not end by another role or another account", async () => {
      const { registry, founder, council, stranger } = await loadFixture(founding);
      const role = await registry.CASE_ROLE();
      await registry.grantRole(role, founder.address);
      await registry.renounceRole(role, founder.address);
      await registry.grantRole(ADMIN_ROLE, stranger.address);
      await registry.connect(council).revokeRole(ADMIN_ROLE, stranger.address);
      expect(await registry.isFounding()).to.equal(true);
    });

    it("never begins again, even if the council makes the founder an admin", async () => {
      const { registry, founder, council, founderOf } = await loadFixture(founding);
      await registry.renounceRole(ADMIN_ROLE, founder.address);
      await registry.connect(council).grantRole(ADMIN_ROLE, founder.address);
      expect(await registry.isFounding()).to.equal(false);
      await expect(registry.admitFounders([founderOf(2)]))
        .to.be.revertedWithCustomError(registry, "GovernedFoundingIsOver")
        .withArgs(founder.address);
    });
  });

  describe("given the deployment is over", () => {
    it("leaves the founder nothing in any contract, and the timelock everything", async () => {
      const { governed, deployer, timelock } = await loadFixture(founded);
      const timelockAddress = await timelock.getAddress();
      for (const contract of governed) {
        expect(await contract.timelock()).to.equal(timelockAddress);
        expect(await contract.founder()).to.equal(deployer.address);
        expect(await contract.isFounding()).to.equal(false);
        expect(await contract.hasRole(ADMIN_ROLE, timelockAddress)).to.equal(true);
        expect(await contract.hasRole(ADMIN_ROLE, deployer.address)).to.equal(false);
      }
    });

    it("lets nobody but the timelock grant a role", async () => {
      const a = await loadFixture(founded);
      const { registry, deployer, stranger } = a;
      const role = await registry.CASE_ROLE();
      for (const caller of [deployer, stranger]) {
        await expect(registry.connect(caller).grantRole(role, stranger.address))
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
      expect(await registry.getRoleAdmin(role)).to.equal(ADMIN_ROLE);
      await asTimelock(a, (timelock) => registry.connect(timelock).grantRole(role, stranger.address));
      expect(await registry.hasRole(role, stranger.address)).to.equal(true);
    });

    it("has the register alone open and close cases", async () => {
      const { registry, register, council, ledger } = await loadFixture(founded);
      const role = await registry.CASE_ROLE();
      expect(await registry.hasRole(role, await register.getAddress())).to.equal(true);
      for (const other of [council, ledger]) {
        expect(await registry.hasRole(role, await other.getAddress())).to.equal(false);
      }
      const granted = await registry.queryFilter(registry.filters.RoleGranted(role));
      expect(granted).to.have.length(1);
    });
  });
});
