import { expect } from "chai";
import { artifacts, network } from "hardhat";

import { BundledViews } from "../../scripts/lib/simulation/bundled-views.ts";

type Asked = Parameters<Awaited<ReturnType<typeof network.create>>["provider"]["request"]>[0];

const connection = await network.create();
const { ethers, networkHelpers, provider } = connection;
const { loadFixture } = networkHelpers;

describe("BundledViews", () => {
  async function deployed() {
    const [issuer, holder, ...others] = await ethers.getSigners();
    const token = await ethers.deployContract("TestToken", [issuer!.address]);
    await token.mint(holder!.address, 5n);
    const past = await ethers.provider.getBlockNumber();
    await token.mint(holder!.address, 2n);
    return { token, past, issuer: issuer!, holder: holder!, others };
  }

  /** The token, asked through a node that notes what it is asked. */
  async function bundled() {
    const scene = await loadFixture(deployed);
    const { deployedBytecode: code } = await artifacts.readArtifact("ManyViews");
    const calls: unknown[] = [];
    const node: { refuses: (params: unknown[]) => boolean } = { refuses: () => false };
    const request = async (asked: Asked): Promise<unknown> => {
      const { params = [] } = asked as { params?: unknown[] };
      calls.push(params);
      if (node.refuses(params)) throw new Error("too much");
      return await provider.request(asked);
    };
    const views = new BundledViews({ request }, ethers.provider, code);
    const { asked } = views.connected({ asked: scene.token });
    return { ...scene, asked, calls, node };
  }

  it("asks with one call what is asked at the same time, and gives each its answer", async () => {
    const { asked, calls, holder, others, token } = await bundled();
    const answers = await Promise.all([asked.balanceOf(holder.address), asked.decimals(), asked.name()]);
    expect(answers).to.deep.equal([7n, await token.decimals(), await token.name()]);
    expect(calls).to.have.length(1);
    const many = Array.from({ length: 101 }, (_, i) => (i === 50 ? holder : others[0]!));
    const held = await Promise.all(many.map(({ address }) => asked.balanceOf(address)));
    expect(held).to.deep.equal(many.map((one) => (one === holder ? 7n : 0n)));
    expect(calls, "of a hundred, and the last by itself").to.have.length(3);
  });

  it("asks as of each block what is asked as of it", async () => {
    const { asked, calls, holder, issuer, past } = await bundled();
    const [held, before, others, othersBefore] = await Promise.all([
      asked.balanceOf(holder.address),
      asked.balanceOf(holder.address, { blockTag: past }),
      asked.balanceOf(issuer.address),
      asked.balanceOf(issuer.address, { blockTag: past }),
    ]);
    expect([held, before, others, othersBefore]).to.deep.equal([7n, 5n, 0n, 0n]);
    expect(calls).to.have.length(2);
  });

  it("asks again what reverts, which fails as it does by itself, and takes nothing from the others", async () => {
    const { asked, calls, holder, token } = await bundled();
    const refused = asked.transfer.staticCall(holder.address, 1n);
    const [why, held] = await Promise.all([refused.catch((error: unknown) => error), asked.balanceOf(holder.address)]);
    expect(held).to.equal(7n);
    expect(calls).to.have.length(2);
    const alone: unknown = await provider
      .request({ method: "eth_call", params: calls[1] as [] })
      .catch((error: unknown) => error);
    expect(why).to.be.instanceOf(Error);
    expect((why as { data: unknown }).data).to.equal((alone as { data: unknown }).data);
    const error = token.interface.parseError((why as { data: string }).data);
    expect(error?.name).to.equal("ERC20InsufficientBalance");
  });

  it("asks by itself what an account asks", async () => {
    const { asked, calls, holder, issuer } = await bundled();
    const from = { from: holder.address };
    const [able, held] = await Promise.all([
      asked.transfer.staticCall(issuer.address, 7n, from),
      asked.balanceOf(holder.address),
    ]);
    expect([able, held]).to.deep.equal([true, 7n]);
    expect(calls).to.have.length(2);
  });

  it("asks one by one what cannot be asked with one call", async () => {
    const { asked, calls, holder, node, others } = await bundled();
    // Only a call with code of its own for an account has three parameters.
    node.refuses = (params) => params.length === 3;
    const both = [holder, others[0]!].map(({ address }) => asked.balanceOf(address));
    expect(await Promise.all(both)).to.deep.equal([7n, 0n]);
    expect(calls).to.have.length(3);
  });

  it("throws what the node answers to each", async () => {
    const { asked, holder, node } = await bundled();
    node.refuses = () => true;
    const thrown: unknown[] = await Promise.all(
      [1, 2].map(() => asked.balanceOf(holder.address).catch((error: unknown) => error)),
    );
    for (const one of thrown) expect(one).to.be.instanceOf(Error).with.property("message", "too much");
  });
});
