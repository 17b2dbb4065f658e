import { ZeroAddress, ZeroHash } from "ethers";

import { CONTRACTS } from "../../scripts/lib/deployment/contracts.ts";
import type { Caller } from "../../scripts/lib/permissions/table.ts";
import {
  DAY,
  MILLION,
  asTimelock,
  code,
  fileAttack,
  foundAlliance,
  hash,
  liveUntil,
  propose,
  recognisedAttack,
  reportRound,
} from "./alliance.ts";
import { asContract, now } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { TIMELOCK_DELAY, openVote, pass, settingPeriod } from "./council.ts";
import { lastAward } from "./fund.ts";
import { offer } from "./market.ts";
import { sendApplication } from "./registry.ts";

/** An alliance in which every function can be called by somebody: LTU has cases in every state, EST buys from it. */
export async function busyAlliance(connection: Connection) {
  const a = await foundAlliance(connection, { parameters: { founderCoverDelay: 0 } });
  await liveUntil(a, 200n);
  const [ltu, est, newTreasury] = [a.member("LTU"), a.member("EST"), a.spare(0)];
  const applicant = { name: "JPN", treasury: a.spare(1), delegate: a.spare(2) };
  await sendApplication(a.registry, applicant);
  await a.registry.connect(ltu.treasury).proposeKeys(ltu.code, newTreasury.address, ZeroAddress);

  const ended = await recognisedAttack(a, ltu, { coercer: "BLR" });
  await a.register.connect(ltu.delegate).end(ended.attackId);
  const recognised = await recognisedAttack(a, ltu, { share: 300_000 });
  const lotId = await offer(a, recognised.attackId, ltu);
  await a.market.connect(est.delegate).pledge(lotId, 10n);
  await a.token.connect(est.treasury).approve(await a.market.getAddress(), MILLION);

  const fund = await a.fund.getAddress();
  const arming = a.fund.interface.encodeFunctionData("arm");
  await asContract(a, a.council, async (council) => {
    const timelock = a.timelock.connect(council);
    await timelock.schedule(fund, 0n, arming, ZeroHash, ZeroHash, TIMELOCK_DELAY);
    await timelock.scheduleBatch([fund], [0n], [arming], ZeroHash, ZeroHash, TIMELOCK_DELAY);
  });
  await asTimelock(a, async (timelock) => {
    await a.registry.connect(timelock).suspend(code("NOR"));
    const end = (await now(a)) + 365n * DAY;
    await a.measures.connect(timelock).adopt(code("CHN"), 0, hash("instrument"), "ipfs://instrument", 0n, end);
  });
  await reportRound(a, ended.attackId, 1, 0n);
  const { record } = await lastAward(a, recognised.attackId);

  const undecided = await fileAttack(a, ltu, { coercer: "RUS" });
  const decided = await openVote(a);
  await pass(a, decided);
  const open = await propose(a, [settingPeriod(a)]);
  await a.time.increase(1n);
  return { a, ltu, est, newTreasury, applicant, ended, recognised, undecided, lotId, record, decided, open, arming };
}

export type Busy = Awaited<ReturnType<typeof busyAlliance>>;

/** Every caller's address. */
export async function callersOf({ a, ltu, est, newTreasury }: Busy): Promise<Map<Caller, string>> {
  const contracts = await Promise.all(CONTRACTS.map(async (key) => [key, await a[key].getAddress()] as const));
  return new Map<Caller, string>([
    ["stranger", a.stranger.address],
    ["deployer", a.deployer.address],
    ["guardian", a.guardian.address],
    ["assessor", a.assessors[1]!.address],
    ["treasury", ltu.treasury.address],
    ["delegate", ltu.delegate.address],
    ["newTreasury", newTreasury.address],
    ["otherTreasury", est.treasury.address],
    ["otherDelegate", est.delegate.address],
    ...contracts,
  ]);
}
