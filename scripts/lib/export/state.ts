import type { CrisisFund, IERC20 } from "../../../typechain-types/index.ts";
import type { FundState } from "./exporter.ts";

/** Asks the fund for all that it knows of these members and attacks, at a block. */
export async function readState(
  { fund, token }: { fund: CrisisFund; token: Pick<IERC20, "balanceOf"> },
  at: { block: number; time: number },
  members: Iterable<string>,
  attacks: Iterable<bigint>,
): Promise<FundState> {
  const blockTag = at.block;
  const state: FundState = {
    ...at,
    reserve: await fund.reserve({ blockTag }),
    pot: await fund.pot({ blockTag }),
    earmarked: await fund.earmarked({ blockTag }),
    committed: await fund.committed({ blockTag }),
    owed: await fund.owed({ blockTag }),
    sequence: await fund.sequence({ blockTag }),
    head: await fund.head({ blockTag }),
    balance: await token.balanceOf(fund, { blockTag }),
    members: [],
    attacks: [],
  };
  for (const member of members) {
    const [owed, collectable] = await fund.balanceOf(member, { blockTag });
    state.members.push({ member, owed, collectable });
  }
  for (const attackId of attacks) {
    const [owed, held] = await fund.earmarkOf(attackId, { blockTag });
    const { earmark, commitment } = await fund.attackAccount(attackId, { blockTag });
    state.attacks.push({ attackId, owed, held, earmark, commitment });
  }
  return state;
}
