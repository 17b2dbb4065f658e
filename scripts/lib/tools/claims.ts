// Handing in claims of compensation, by whoever wants to.
import { InputError } from "../csv.ts";
import { claimPaths, readClaim } from "./campaign-files.ts";
import type { ClaimFile } from "./campaign-files.ts";
import { PURPOSES, leafHash, rootFrom } from "../compensation/tree.ts";
import type { Desk } from "./desk.ts";
import { Refused, campaignText, sentenceOf } from "./refusals.ts";
import { attempt, carryOut } from "./transactions.ts";

/** What became of the claims: how many were paid and with how much, and how many were paid before or refused. */
export interface ClaimsResult {
  paid: number;
  amount: bigint;
  before: number;
  refused: number;
}

/**
 * Hands in the claims of a proof file, or of a folder of them, as many at once as the contract takes. What has been paid
 * before is left out, what cannot be paid is told with its reason and delays nobody.
 * @throws InputError if a file is no proof file or is for another chain or contract, before anything is sent
 */
export async function claim(
  desk: Desk,
  path: string,
  { from, print = false }: { from: string; print?: boolean },
): Promise<ClaimsResult> {
  const { distributor } = desk.contracts;
  const paths = claimPaths(path);
  if (paths.length === 0) throw new InputError(`${path} holds no proof file.`);
  await requireOwn(desk, paths);
  const most = Number(await distributor.MOST_CLAIMS());
  const result: ClaimsResult = { paid: 0, amount: 0n, before: 0, refused: 0 };
  for (let first = 0; first < paths.length; first += most) {
    const claims = paths.slice(first, first + most).map(readClaim);
    await handIn(desk, await payable(desk, claims, from, result), { from, print }, result);
  }
  return result;
}

/** Those of the claims that the contract would pay now. The others are told. */
async function payable(desk: Desk, claims: ClaimFile[], from: string, result: ClaimsResult): Promise<ClaimFile[]> {
  const { distributor } = desk.contracts;
  const verdicts = await Promise.all(
    claims.map(async (c): Promise<string | undefined> => {
      if (await distributor.isClaimed(c.campaignId, c.index)) {
        result.before++;
        return "was paid before";
      }
      const leads = rootFrom(leafHash(c, c), c.proof) === c.root;
      try {
        if (!leads) throw new Refused("the proof does not lead from these figures to the root.");
        await attempt(desk, from, distributor.claim.populateTransaction(c));
        return undefined;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        result.refused++;
        return String(error);
      }
    }),
  );
  return claims.filter((c, i) => {
    const verdict = verdicts[i];
    if (verdict !== undefined) desk.say(`${titleOf(desk, c)}: ${verdict}`);
    return verdict === undefined;
  });
}

async function handIn(
  desk: Desk,
  claims: ClaimFile[],
  { from, print }: { from: string; print: boolean },
  result: ClaimsResult,
): Promise<void> {
  if (claims.length === 0) return;
  const call = desk.contracts.distributor.claimMany.populateTransaction(claims);
  const events = await carryOut(desk, { from, as: "who would hand the claims in", call, print });
  for (const event of events) {
    if (event.name === "Claimed") {
      result.paid++;
      result.amount += event.args.amount;
      const purpose = PURPOSES[Number(event.args.purpose)] ?? "";
      desk.say(`${event.args.account} is paid ${desk.money.show(event.args.amount)} (${purpose})`);
    } else if (event.name === "ClaimSkipped") {
      // Somebody was quicker, or money ran out meanwhile.
      result.refused++;
      const { account, reason } = event.args;
      desk.say(`${account}: Refused: ${sentenceOf(reason, desk.money) ?? `for no reason that is known (${reason})`}.`);
    }
  }
}

/** A proof for elsewhere is a mistake to be told before anything is sent. */
async function requireOwn(desk: Desk, paths: readonly string[]): Promise<void> {
  const { chainId } = await desk.provider.getNetwork();
  const distributor = await desk.contracts.distributor.getAddress();
  for (const path of paths) {
    const given = readClaim(path);
    if (given.chainId === chainId && given.distributor === distributor) continue;
    throw new InputError(
      `${path} is for chain ${given.chainId} and contract ${given.distributor}; this is chain ${chainId}, where the distributor is ${distributor}.`,
    );
  }
}

function titleOf({ money }: Desk, { campaignId, account, amount }: ClaimFile): string {
  return `${account}, ${money.show(amount)} of campaign ${campaignText(campaignId)}`;
}
