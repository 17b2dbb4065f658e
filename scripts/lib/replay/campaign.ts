import { dataSlice, getAddress } from "ethers";

import { Purpose, campaignIdOf, campaignTree } from "../compensation/tree.ts";
import type { CampaignTree } from "../compensation/tree.ts";
import { MOST_GAS } from "./chain.ts";
import { YEAR, documentHash, documentUri } from "./ledger.ts";
import type { Actor } from "./ledger.ts";
import type { CompensationRow } from "./solidarity-data.ts";
import type { World } from "./world.ts";

const HOUR = 3_600;
/** As the distributor has them. */
const MOST_CLAIMS = 50;
const RETURN_DELAY = YEAR;

export interface CampaignRecipient {
  /** Place in the tree. */
  index: bigint;
  row: CompensationRow;
  account: string;
  amount: bigint;
}

/**
 * What becomes of an attack's earmark: once the case is closed the member's treasury opens a campaign with a tree over
 * those whom the attack has hit; who claims is paid, and the rest returns to the member. The row that opened the attack
 * decides, since the share of awards is fixed at filing.
 */
export class Campaign {
  readonly attackId: bigint;
  /** Everyone in the tree; nobody before the campaign is open. */
  recipients: CampaignRecipient[] = [];
  readonly #world: World;
  readonly #member: Actor;
  readonly #caseId: string;
  readonly #rows: CompensationRow[];

  constructor(world: World, attackId: bigint, member: Actor, caseId: string) {
    this.#world = world;
    this.attackId = attackId;
    this.#member = member;
    this.#caseId = caseId;
    this.#rows = world.input.compensation.filter((row) => row.case === caseId);
  }

  /** Opens the campaign when the case is closed. What the fund still owes the earmark then comes too late for it. */
  async begin(): Promise<void> {
    const { ledger, timeline, parameters } = this.#world;
    const { chain, distributor, fund } = ledger;
    const { owedToIt, held } = await fund.earmarkOf(this.attackId);
    if (owedToIt + held === 0n) return;
    timeline.at(chain.now + RETURN_DELAY + HOUR, () => this.#returnUnassigned());
    const recipients = this.#recipients(held);
    if (recipients.length === 0) return;
    this.recipients = recipients;
    const tree = await this.#tree();
    const { root, total } = tree;
    const deadline = chain.now + parameters.campaignTime;
    const uri = documentUri(this.#caseId, "proofs");
    const call = distributor.open.populateTransaction(this.attackId, 1n, root, total, deadline, uri);
    await chain.send(this.#member.treasury, call);
    timeline.at(chain.now + parameters.claimTime, () => this.#claim(tree));
    timeline.at(deadline + HOUR, () => this.#returnUnclaimed(tree));
  }

  /** Everyone gets its part of what the earmark holds, rounded down. */
  #recipients(held: bigint): CampaignRecipient[] {
    const whole = this.#rows.reduce((sum, { part }) => sum + part, 0n);
    return this.#rows
      .map((row) => ({ row, account: accountOf(this.#caseId, row), amount: (held * row.part) / whole }))
      .filter(({ amount }) => amount > 0n)
      .map((recipient, i) => ({ index: BigInt(i), ...recipient }));
  }

  async #tree(): Promise<CampaignTree> {
    const { distributor, connection } = this.#world.ledger;
    const binding = {
      chainId: (await connection.ethers.provider.getNetwork()).chainId,
      distributor: await distributor.getAddress(),
      campaignId: campaignIdOf(this.attackId, 1n),
    };
    const leaves = this.recipients.map(({ row, account, amount }) => {
      return { account, amount, purpose: row.purpose === "industry" ? Purpose.Industry : Purpose.Worker };
    });
    return campaignTree(binding, leaves);
  }

  /** Anyone hands in the claims of those who claim. */
  async #claim({ claims }: CampaignTree): Promise<void> {
    const { chain, distributor, relayer } = this.#world.ledger;
    const made = claims.filter((_, i) => this.recipients[i]?.row.claims);
    for (let i = 0; i < made.length; i += MOST_CLAIMS) {
      await chain.send(relayer, distributor.claimMany.populateTransaction(made.slice(i, i + MOST_CLAIMS)), MOST_GAS);
    }
  }

  async #returnUnclaimed({ campaignId }: CampaignTree): Promise<void> {
    const { chain, distributor, relayer } = this.#world.ledger;
    const { total, claimed } = await distributor.campaign(campaignId);
    if (claimed === total) return;
    await chain.send(relayer, distributor.returnUnclaimed.populateTransaction(campaignId));
  }

  /** What the divisions left over, and what came after the campaign was opened. */
  async #returnUnassigned(): Promise<void> {
    const { chain, distributor, fund, relayer } = this.#world.ledger;
    const { held } = await fund.earmarkOf(this.attackId);
    if (held === (await distributor.reserved(this.attackId))) return;
    await chain.send(relayer, distributor.returnUnassigned.populateTransaction(this.attackId));
  }
}

/** A made-up account that nobody holds a key of: it stands for firms or workers, and for no person. */
function accountOf(caseId: string, { recipients, purpose }: CompensationRow): string {
  return getAddress(dataSlice(documentHash(`${caseId}: ${purpose}: ${recipients}`), 12));
}
