import type { ReplayRecord } from "../replay/record.ts";
import { claimsByPurpose, claimsListed } from "./claims.ts";
import { column, money, time } from "./csv-columns.ts";
import type { Add } from "./csv-columns.ts";

/** What others bought, what industries and workers received, and what members did together. */
export function addSolidarity(r: ReplayRecord, add: Add): void {
  addMarket(r, add);
  addGoods(r, add);
  addEarmarks(r, add);
  addMeasures(r, add);
}

function addMarket({ attacks }: ReplayRecord, add: Add): void {
  const markets = attacks.flatMap(({ attackId, member, market }) => (market ? [{ attackId, member, ...market }] : []));
  const each = <Row>(rowsOf: (market: (typeof markets)[number]) => readonly Row[]) => {
    return markets.flatMap((market) => rowsOf(market).map((row) => ({ attack: market.attackId, ...row })));
  };
  const units = new Map(markets.flatMap(({ lots }) => lots.map(({ lotId, unit }) => [lotId, unit])));
  const ofAttack = column("attack", "number of the attack", ({ attack }: { attack: bigint }) => attack);
  add(
    "lots.csv",
    each(({ lots }) => lots),
    [
      ofAttack,
      column("lot", "number of the lot", ({ lotId }) => lotId),
      column("case", "id in the cases' file", (lot) => lot.case),
      column("goods", "what was offered", ({ goods }) => goods),
      column("hs_code", "code of the Harmonized System", ({ hsCode }) => hsCode),
      time("offered", "when it was offered", ({ offered }) => offered),
      time("deadline", "last second at which it could be pledged and paid", ({ deadline }) => deadline),
      column("unit", "unit of its quantities", ({ unit }) => unit),
      column("quantity", "how much was offered", ({ quantity }) => quantity),
      money("price", "of one unit", ({ price }) => price),
      column("pledged", "how much of it members had pledged at the end", ({ pledged }) => pledged),
      column("sold", "how much of it was bought", ({ sold }) => sold),
    ],
  );
  const acts = each(({ pledges, purchases }) =>
    [
      ...pledges.map((act) => ({ ...act, act: "pledge", paid: undefined })),
      ...purchases.map((act) => ({ ...act, act: "purchase" })),
    ].sort((a, b) => a.time - b.time),
  );
  add("purchases.csv", acts, [
    ofAttack,
    column("lot", "number of the lot", ({ lotId }) => lotId),
    time("time", "when it happened", (act) => act.time),
    column("buyer", "member that pledged or bought, ISO 3166-1 alpha-3 code", ({ buyer }) => buyer),
    column("act", "pledge, which states what the buyer promises in all, or purchase", ({ act }) => act),
    column("quantity", "how much", ({ quantity }) => quantity),
    column("unit", "unit of the quantity", ({ lotId }) => units.get(lotId)),
    money("paid", "paid to the seller's treasury; empty for a pledge", ({ paid }) => paid),
  ]);
  add(
    "buyers.csv",
    each(({ buyers }) => buyers),
    [
      ofAttack,
      column("buyer", "member that bought, ISO 3166-1 alpha-3 code", ({ code }) => code),
      money("bought", "bought in all", ({ bought }) => bought),
      money("target", "what its weight asked of it on the day of the last purchase", ({ target }) => target),
    ],
  );
  add(
    "market-losses.csv",
    each(({ loss }) => (loss ? [loss] : [])),
    [
      ofAttack,
      money("before", "net loss before the market, by the last settled round", ({ before }) => before),
      money("bought", "bought on the market by then", ({ bought }) => bought),
      money("after", "what counts after the market", ({ after }) => after),
      money("payable", "what of it the fund pays", ({ payable }) => payable),
    ],
  );
}

function addGoods({ cases }: ReplayRecord, add: Add): void {
  const stranded = cases.flatMap(({ row, goods }) => (goods ? [{ id: row.id, ...goods }] : []));
  const told = stranded.flatMap(({ id, lots, elsewhere }) =>
    elsewhere.map((one) => ({ ...one, id, unit: lots.find(({ hsCode }) => hsCode === one.hsCode)?.unit })),
  );
  add("purchases-elsewhere.csv", told, [
    column("case", "id in the cases' file", ({ id }) => id),
    column("hs_code", "code of the Harmonized System", ({ hsCode }) => hsCode),
    column("buyers", "who pledged or bought", ({ buyers }) => buyers),
    column("country", "where they are; empty if it is not known or several", ({ country }) => country),
    column("quantity", "how much", ({ quantity }) => quantity),
    column("usual", "how much of it they bought in the year before as well", ({ usual }) => usual),
    column("unit", "unit of the quantities", ({ unit }) => unit),
    money("value", "value of what is beyond usual", ({ amount }) => amount),
    time("pledged", "by when it was pledged", ({ pledged }) => pledged),
    time("bought", "by when it was bought; empty if that is not known", ({ bought }) => bought),
    column("reason", "why it is no purchase on the market", ({ reason }) => reason),
    column("derivation", "where the figures are from", ({ derivation }) => derivation),
  ]);
  add("goods.csv", stranded, [
    column("case", "id in the cases' file", ({ id }) => id),
    money("before", "net loss in the data with what others bought added back", ({ loss }) => loss.before),
    money("on_market", "bought on the market", ({ loss }) => loss.onMarket),
    money("elsewhere", "bought elsewhere by a known day", ({ loss }) => loss.elsewhere),
    money("after", "net loss in the data", ({ loss }) => loss.after),
  ]);
}

function addEarmarks({ attacks }: ReplayRecord, add: Add): void {
  const earmarks = attacks.flatMap(({ attackId, member, earmark }) =>
    earmark ? [{ attack: attackId, member, ...earmark }] : [],
  );
  add("earmarks.csv", earmarks, [
    column("attack", "number of the attack", ({ attack }) => attack),
    column("member", "who was attacked, ISO 3166-1 alpha-3 code", ({ member }) => member),
    column("share_ppm", "part of every award that is for industries and workers", ({ share }) => share),
    money("received", "what came into the earmark", ({ received }) => received),
    money("compensated", "of it, paid to industries and workers", ({ compensated }) => compensated),
    money("returned", "of it, returned to the member", ({ returned }) => returned),
    money("held", "of it, held at the end", ({ held }) => held),
    money("owed", "what the fund still owes the earmark", ({ owed }) => owed),
    money("unassigned", "of what was returned, what no campaign held", ({ unassigned }) => unassigned?.amount),
    time("unassigned_returned", "when that was returned", ({ unassigned }) => unassigned?.time),
  ]);
  const campaigns = earmarks.flatMap(({ attack, campaign }) => (campaign ? [{ attack, campaign }] : []));
  add("campaigns.csv", campaigns, [
    column("campaign", "number of the campaign", ({ campaign }) => campaign.campaignId),
    column("attack", "number of the attack", ({ attack }) => attack),
    time("opened", "when it was opened", ({ campaign }) => campaign.opened),
    column("root", "root of the tree of its recipients", ({ campaign }) => campaign.root),
    money("total", "what it holds for all of them", ({ campaign }) => campaign.total),
    time("deadline", "last second at which it could be claimed", ({ campaign }) => campaign.deadline),
    column("recipients", "how many there are", ({ campaign }) => campaign.recipients.length),
    money("unclaimed", "what nobody had claimed by the deadline", ({ campaign }) => campaign.unclaimed?.amount),
    time("unclaimed_returned", "when that was returned to the member", ({ campaign }) => campaign.unclaimed?.time),
  ]);
  const claims = campaigns.flatMap(({ campaign }) => {
    const listed = claimsListed(campaign);
    const told = listed.length === 0 ? claimsByPurpose(campaign) : listed;
    return told.map((one) => ({ ...one, campaignId: campaign.campaignId }));
  });
  add("claims.csv", claims, [
    column("campaign", "number of the campaign", ({ campaignId }) => campaignId),
    column("purpose", "industry or worker", ({ purpose }) => purpose),
    column("recipients", "who; empty where many are told together", ({ recipients }) => recipients),
    column("number", "how many recipients the line is about", ({ number }) => number),
    money("total", "what the campaign holds for them", ({ total }) => total),
    column("claimants", "how many of them have claimed", ({ claimants }) => claimants),
    money("paid", "what they were paid", ({ paid }) => paid),
    time("first_paid", "when the first of them was paid", ({ first }) => first),
    time("last_paid", "when the last of them was paid", ({ last }) => last),
  ]);
}

function addMeasures({ measures }: ReplayRecord, add: Add): void {
  add("measures.csv", measures, [
    column("measure", "number of the joint measure", ({ measureId }) => measureId),
    column("name", "its name in the measures' file", ({ row }) => row.measure),
    column("title", "its title in the measures' file", ({ row }) => row.title),
    column("case", "id in the cases' file", ({ row }) => row.case),
    column("target", "state it is directed at, ISO 3166-1 alpha-3 code", ({ row }) => row.target),
    column("kind", "what members are to do", ({ row }) => row.kind),
    column("vote", "number of the vote that adopted it", ({ proposalId }) => proposalId),
    time("adopted", "when it was adopted", ({ adopted }) => adopted),
    time("start", "first second in force", ({ start }) => start),
    time("end", "last second in force", ({ end }) => end),
    column("filed", "how many members have filed that they carry it out", (one) => one.implementations.length),
    column("implemented", "how many of the members at the end carry it out", ({ implemented }) => implemented),
    column("awaited", "of how many that is awaited", ({ awaited }) => awaited),
    column("missing", "of how many that is missing", ({ missing }) => missing),
  ]);
  const filed = measures.flatMap(({ measureId, implementations }) => {
    return implementations.map((one) => ({ measureId, ...one }));
  });
  add("implementations.csv", filed, [
    column("measure", "number of the joint measure", ({ measureId }) => measureId),
    column("member", "who carries it out, ISO 3166-1 alpha-3 code", ({ code }) => code),
    time("filed", "when it filed that", (one) => one.time),
  ]);
}
