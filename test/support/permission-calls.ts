import { ZeroAddress, ZeroHash } from "ethers";

import type { ContractKey } from "../../scripts/lib/deployment/contracts.ts";
import { DAY, Kind, Support, code, dossierOf, hash } from "./alliance.ts";
import { now } from "./chain.ts";
import { TIMELOCK_DELAY, parts, settingPeriod, signature, signed } from "./council.ts";
import { signAuthorization } from "./ledger.ts";
import { goods } from "./market.ts";
import type { Busy } from "./permission-world.ts";
import { ADMIN_ROLE, applicationHashOf, fiveOf } from "./registry.ts";

/** A call that its rightful caller can make; what it meets otherwise, for a law that comes after the authority. */
interface Call {
  args: unknown[];
  meets?: string;
}

/** The arguments of every function, by its name, or by its signature where a name has several. */
export async function callsOf(busy: Busy): Promise<Record<ContractKey, Record<string, Call>>> {
  const { a, ltu, applicant, ended, recognised, undecided, lotId, record, decided, open, arming } = busy;
  const { attackId } = recognised;
  const address = async (key: ContractKey) => await a[key].getAddress();
  const [timelock, fund, ledger, council, panel] = await Promise.all([
    address("timelock"),
    address("fund"),
    address("ledger"),
    address("council"),
    address("panel"),
  ]);
  const [stranger, payer] = [a.stranger.address, ltu.treasury.address];
  const [text, time] = ["ipfs://text", await now(a)];
  const terms = { ceding: 1, attachment: 0, exhaustion: 1, yearlyLimit: 1n };
  const setting = await parts([settingPeriod(a)]);
  const long = async (proposalId: bigint): Promise<unknown[]> => [...(await a.council.proposalDetails(proposalId))];
  const extended = { reason: "why", params: "0x" };
  const roles = {
    grantRole: { args: [hash("role"), stranger] },
    revokeRole: { args: [hash("role"), stranger] },
    renounceRole: { args: [ADMIN_ROLE, timelock] },
  };
  const authorization = await signAuthorization(a, ltu.treasury, { code: ltu.code, amount: 1n });
  const claim = { campaignId: 1n, index: 0n, account: stranger, amount: 1n, purpose: 0n, proof: [] };
  const ballot = await signed(a, ltu.delegate, open, Support.For);
  const extendedBallot = await signature(a, ltu.delegate, open, Support.For, { extended });
  return {
    registry: {
      applyFor: { args: [code("JPN"), Kind.State, a.spare(3).address, fiveOf(dossierOf("JPN"))] },
      applyKeys: { args: [ltu.code] },
      leave: { args: [ltu.code] },
      acceptKeys: { args: [ltu.code] },
      proposeKeys: { args: [ltu.code, a.spare(3).address, ZeroAddress] },
      giveNotice: { args: [ltu.code] },
      withdrawNotice: { args: [ltu.code], meets: "MemberNoNotice" },
      stopKeys: { args: [ltu.code] },
      fileReport: { args: [ltu.code, hash("report"), text] },
      admitFounders: { args: [[]] },
      admit: { args: [code(applicant.name), applicationHashOf(applicant)] },
      suspend: { args: [ltu.code] },
      reinstate: { args: [code("NOR")] },
      expel: { args: [ltu.code] },
      recoverKeys: { args: [ltu.code, a.spare(3).address, ZeroAddress] },
      appointLedger: { args: [ledger] },
      setVoteSuspended: { args: [ltu.code, true] },
      openCase: { args: [ltu.code] },
      closeCase: { args: [ltu.code] },
      ...roles,
    },
    ledger: {
      contribute: { args: [ltu.code, 1n] },
      contributeWithPermit: { args: [ltu.code, 1n, 0n, 0, ZeroHash, ZeroHash] },
      contributeWithAuthorization: { args: [ltu.code, authorization] },
      issueCall: { args: [] },
      suspendVote: { args: [ltu.code] },
      setBudget: { args: [10n, 1n] },
      setScale: { args: [ltu.code, 1, 0] },
      setScales: { args: [[]] },
      setTerms: { args: [{ loading: 0, callCap: 0 }] },
      waive: { args: [ltu.code, time + DAY] },
      charge: { args: [ltu.code, 1n, ZeroHash] },
      setCallExemption: { args: [ltu.code, true] },
      exit: { args: [ltu.code] },
      ...roles,
    },
    fund: {
      donate: { args: [1n, ZeroHash] },
      sync: { args: [] },
      collect: { args: [ltu.code] },
      collectEarmark: { args: [attackId] },
      depositContribution: { args: [ltu.code, payer, 1n] },
      depositWithPermit: { args: [ltu.code, payer, 1n, 0n, 0, ZeroHash, ZeroHash] },
      depositWithAuthorization: {
        args: [
          ltu.code,
          payer,
          1n,
          0n,
          authorization.validBefore,
          await a.ledger.authorizationNonce(ltu.code, 1n),
          authorization.signature,
        ],
      },
      commit: { args: [attackId + 100n, ltu.code, 0, 1n] },
      award: { args: [attackId, 1n] },
      release: { args: [attackId] },
      compensate: { args: [attackId, stranger, 1n, ZeroHash] },
      returnEarmark: { args: [attackId, 1n] },
      voidAward: { args: [record], meets: "FundModuleNotRevoked" },
      releaseOrphan: { args: [attackId], meets: "FundModuleNotRevoked" },
      setGuardian: { args: [stranger] },
      arm: { args: [] },
      stopTransfers: { args: [] },
      resumeTransfers: { args: [], meets: "FundBreakerDisarmed" },
      ...roles,
    },
    coverage: { setTerms: { args: [[ltu.code], terms] }, setExposures: { args: [[]] }, ...roles },
    register: {
      notifyThreat: { args: [ltu.code, code("CHN"), hash("threat"), text] },
      file: { args: [ltu.code, code("PRK"), 0, time, hash("evidence"), text, ZeroHash, 0] },
      addMeasure: { args: [attackId, 0, hash("measure"), text] },
      revoke: { args: [undecided.attackId] },
      end: { args: [attackId] },
      close: { args: [ended.attackId] },
      recognise: { args: [undecided.attackId] },
      settle: { args: [attackId, 1n, 1n] },
      reviseLoss: { args: [attackId, 1n] },
      appointCouncil: { args: [council] },
      appointPanel: { args: [panel] },
      recordPurchase: { args: [attackId, 1n] },
      ...roles,
    },
    panel: {
      report: { args: [attackId, 1n, 1n, hash("report")] },
      settle: { args: [attackId, 1n] },
      setAssessors: { args: [[]] },
      ...roles,
    },
    council: {
      propose: { args: [setting.targets, setting.values, setting.calldatas, "A proposal"] },
      castVote: { args: [open, Support.For] },
      castVoteWithReason: { args: [open, Support.For, "why"] },
      castVoteWithReasonAndParams: { args: [open, Support.For, "why", "0x01"] },
      castVoteBySig: { args: [open, Support.For, ballot.voter, ballot.signature] },
      castVoteWithReasonAndParamsBySig: {
        args: [open, Support.For, ltu.delegate.address, extended.reason, extended.params, extendedBallot],
      },
      castVotesBySig: { args: [open, [ballot]] },
      "queue(uint256)": { args: [decided] },
      "queue(address[],uint256[],bytes[],bytes32)": { args: await long(decided) },
      "execute(uint256)": { args: [decided] },
      "execute(address[],uint256[],bytes[],bytes32)": { args: await long(decided) },
      callVote: { args: [attackId + 100n, ltu.code] },
      "cancel(uint256)": { args: [undecided.proposalId] },
      "cancel(address[],uint256[],bytes[],bytes32)": { args: await long(undecided.proposalId) },
      // The timelock calls these from within a decision only, and nothing was decided: OpenZeppelin's queue is empty.
      setVotingPeriod: { args: [7n * DAY], meets: "Panic" },
      setVotingDelay: { args: [0n], meets: "Panic" },
      setProposalThreshold: { args: [1n], meets: "Panic" },
      relay: { args: [fund, 0n, arming] },
      updateTimelock: { args: [timelock] },
      onERC721Received: { args: [stranger, stranger, 1n, "0x"] },
      onERC1155Received: { args: [stranger, stranger, 1n, 1n, "0x"] },
      onERC1155BatchReceived: { args: [stranger, stranger, [1n], [1n], "0x"] },
      receive: { args: [] },
    },
    market: {
      offer: { args: [attackId, await goods(a)] },
      reprice: { args: [lotId, 1n] },
      withdraw: { args: [lotId] },
      pledge: { args: [lotId, 5n] },
      settle: { args: [lotId, 1n, (await a.market.lot(lotId)).price] },
    },
    measures: {
      fileImplementation: { args: [1n, hash("act"), text] },
      adopt: { args: [code("CHN"), 0, hash("other"), text, time, time + DAY] },
      endEarly: { args: [1n] },
      ...roles,
    },
    distributor: {
      claim: { args: [claim] },
      claimMany: { args: [[claim]] },
      returnUnclaimed: { args: [1n] },
      returnUnassigned: { args: [ended.attackId] },
      open: { args: [attackId, 1n, hash("root"), 1n, time + 100n * DAY, text] },
    },
    timelock: {
      schedule: { args: [fund, 0n, arming, ZeroHash, hash("salt"), TIMELOCK_DELAY] },
      scheduleBatch: { args: [[fund], [0n], [arming], ZeroHash, hash("salt"), TIMELOCK_DELAY] },
      execute: { args: [fund, 0n, arming, ZeroHash, ZeroHash] },
      executeBatch: { args: [[fund], [0n], [arming], ZeroHash, ZeroHash] },
      cancel: { args: [await a.timelock.hashOperation(fund, 0n, arming, ZeroHash, ZeroHash)] },
      updateDelay: { args: [TIMELOCK_DELAY] },
      onERC721Received: { args: [stranger, stranger, 1n, "0x"] },
      onERC1155Received: { args: [stranger, stranger, 1n, 1n, "0x"] },
      onERC1155BatchReceived: { args: [stranger, stranger, [1n], [1n], "0x"] },
      receive: { args: [] },
      ...roles,
    },
  };
}
