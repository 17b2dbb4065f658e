// Who may call what: one row a function that changes state. README's table is made of it, and a test tries every row.
import type { ContractKey } from "../deployment/contracts.ts";

/** The accounts that a right is tried with: people, of whom `treasury` and `delegate` are the member's the call is about. */
export const PEOPLE = [
  "stranger",
  "deployer",
  "guardian",
  "assessor",
  "treasury",
  "delegate",
  "newTreasury",
  "otherTreasury",
  "otherDelegate",
] as const;

export type Caller = (typeof PEOPLE)[number] | ContractKey;

export interface Right {
  /** As README says it. */
  who: string;
  /** Whom of all callers the authority check lets through. */
  callers: readonly Caller[] | "all";
}

const anyone: Right = { who: "anyone", callers: "all" };
const anyoneUnderConditions: Right = { who: "anyone, under the conditions of each", callers: "all" };
const nobody: Right = { who: "nobody: closed", callers: [] };
const council: Right = { who: "the council", callers: ["timelock"] };
const treasury: Right = { who: "the member's treasury", callers: ["treasury"] };
const member: Right = { who: "the member's treasury or delegate", callers: ["treasury", "delegate"] };
const memberOrCouncil: Right = {
  who: "the member's treasury or delegate, or the council",
  callers: ["treasury", "delegate", "timelock"],
};
const attacked: Right = { who: "the treasury or delegate of the attacked member", callers: ["treasury", "delegate"] };
const ledgerRole: Right = { who: "`LEDGER_ROLE`: the ledger", callers: ["ledger"] };
const registerRole: Right = { who: "`REGISTER_ROLE`: the register", callers: ["register"] };
const distributorRole: Right = { who: "`DISTRIBUTOR_ROLE`: the distributor", callers: ["distributor"] };
const caseRole: Right = { who: "`CASE_ROLE`: the register", callers: ["register"] };
const unchanging: Right = { who: "the council, but only to what they are", callers: ["timelock"] };
const voters: Right = {
  who: "the delegate of a seat of the proposal's electorate",
  callers: ["delegate", "otherDelegate"],
};
const signers: Right = { who: "anyone with the signature of such a delegate", callers: "all" };
const cancellers: Right = {
  who: "the register for an urgent vote; the proposer of an ordinary one in the second it was made",
  callers: ["register"],
};
const theCouncil: Right = { who: "the Council", callers: ["council"] };
const timelockItself: Right = { who: "the timelock itself", callers: ["timelock"] };

const roleHolder: Right = { who: "whoever holds the role", callers: ["timelock"] };

/** What every contract with roles has, in the order of the rows. */
export const ROLE_FUNCTIONS: Record<string, Right> = {
  grantRole: { who: "the council; in the fund a new role works after 30 days", callers: ["timelock"] },
  revokeRole: { who: "the council", callers: ["timelock"] },
  renounceRole: roleHolder,
};

/** Function by function, who may call it. Overloads of one name have one row. */
export const PERMISSIONS: Record<ContractKey, Record<string, Right>> = {
  registry: {
    applyFor: anyone,
    applyKeys: anyone,
    leave: anyone,
    acceptKeys: { who: "the account named as the new treasury", callers: ["newTreasury"] },
    proposeKeys: treasury,
    giveNotice: treasury,
    withdrawNotice: treasury,
    stopKeys: member,
    fileReport: member,
    admitFounders: { who: "the founder, until it hands over", callers: [] },
    admit: council,
    suspend: council,
    reinstate: council,
    expel: council,
    recoverKeys: council,
    appointLedger: council,
    setVoteSuspended: { who: "the ledger", callers: ["ledger"] },
    openCase: caseRole,
    closeCase: caseRole,
    ...ROLE_FUNCTIONS,
  },
  ledger: {
    contribute: anyone,
    contributeWithPermit: anyone,
    contributeWithAuthorization: anyone,
    issueCall: anyone,
    suspendVote: anyone,
    setBudget: council,
    setScale: council,
    setScales: council,
    setTerms: council,
    waive: council,
    charge: registerRole,
    setCallExemption: registerRole,
    exit: { who: "the registry", callers: ["registry"] },
    ...ROLE_FUNCTIONS,
  },
  fund: {
    donate: anyone,
    sync: anyone,
    collect: anyone,
    collectEarmark: anyone,
    depositContribution: ledgerRole,
    depositWithPermit: ledgerRole,
    depositWithAuthorization: ledgerRole,
    commit: registerRole,
    award: registerRole,
    release: registerRole,
    compensate: distributorRole,
    returnEarmark: distributorRole,
    voidAward: council,
    releaseOrphan: council,
    setGuardian: council,
    arm: council,
    stopTransfers: { who: "the guardian", callers: ["guardian"] },
    resumeTransfers: { who: "the guardian or the council", callers: ["guardian", "timelock"] },
    ...ROLE_FUNCTIONS,
  },
  coverage: { setTerms: council, setExposures: council, ...ROLE_FUNCTIONS },
  register: {
    notifyThreat: { who: "the treasury or delegate of an active member", callers: ["treasury", "delegate"] },
    file: { who: "the treasury or delegate of an active member", callers: ["treasury", "delegate"] },
    addMeasure: { who: "the treasury or delegate of an active member", callers: ["treasury", "delegate"] },
    revoke: member,
    end: memberOrCouncil,
    close: {
      who: "the same once the last round is settled; anyone later, or at once for a case that failed",
      callers: ["treasury", "delegate", "timelock"],
    },
    recognise: { who: "the Council itself, by an urgent vote", callers: ["council"] },
    settle: { who: "the loss panel", callers: ["panel"] },
    reviseLoss: council,
    appointCouncil: council,
    appointPanel: council,
    recordPurchase: { who: "`MARKET_ROLE`: the market", callers: ["market"] },
    ...ROLE_FUNCTIONS,
  },
  panel: {
    report: { who: "the assessors of the round", callers: ["assessor"] },
    settle: { who: "anyone, once a round is ready", callers: "all" },
    setAssessors: council,
    ...ROLE_FUNCTIONS,
  },
  council: {
    propose: { who: "the delegate of any seat that may vote", callers: ["delegate", "otherDelegate"] },
    castVote: voters,
    castVoteWithReason: voters,
    castVoteWithReasonAndParams: voters,
    castVoteBySig: signers,
    castVoteWithReasonAndParamsBySig: signers,
    castVotesBySig: signers,
    queue: anyone,
    execute: anyone,
    callVote: { who: "the register", callers: ["register"] },
    cancel: cancellers,
    setVotingPeriod: { who: "the council, within bounds", callers: ["timelock"] },
    setVotingDelay: unchanging,
    setProposalThreshold: unchanging,
    relay: nobody,
    updateTimelock: nobody,
    onERC721Received: nobody,
    onERC1155Received: nobody,
    onERC1155BatchReceived: nobody,
    receive: nobody,
  },
  market: {
    offer: attacked,
    reprice: attacked,
    withdraw: attacked,
    pledge: { who: "the treasury or delegate of any other member", callers: ["otherTreasury", "otherDelegate"] },
    settle: { who: "the treasury of a member that has pledged", callers: ["otherTreasury"] },
  },
  measures: {
    fileImplementation: {
      who: "the treasury or delegate of a member",
      callers: ["treasury", "delegate", "otherTreasury", "otherDelegate"],
    },
    adopt: council,
    endEarly: council,
    ...ROLE_FUNCTIONS,
  },
  distributor: {
    claim: anyoneUnderConditions,
    claimMany: anyoneUnderConditions,
    returnUnclaimed: anyoneUnderConditions,
    returnUnassigned: anyoneUnderConditions,
    open: {
      who: "the treasury of the attacked member, unless the council recovers its keys",
      callers: ["treasury"],
    },
  },
  timelock: {
    schedule: theCouncil,
    scheduleBatch: theCouncil,
    execute: theCouncil,
    executeBatch: theCouncil,
    cancel: theCouncil,
    updateDelay: { who: "the timelock itself; a proposal may set it from 2 to 14 days", callers: ["timelock"] },
    grantRole: timelockItself,
    revokeRole: timelockItself,
    renounceRole: roleHolder,
    onERC721Received: anyone,
    onERC1155Received: anyone,
    onERC1155BatchReceived: anyone,
    receive: anyone,
  },
};
