import { dateOf } from "../../scripts/lib/csv.ts";
import type {
  CampaignRecord,
  EarmarkRecord,
  Goods,
  JointMeasureRecord,
  MarketRecord,
} from "../../scripts/lib/replay/record-solidarity.ts";

const at = (text: string) => dateOf(text)!;
/** A dollar in base units. */
const USD = 1_000_000n;
const HOUR = 3_600;

/** Two lots of different goods, one that two members buy of and one that nobody wants. */
export function marketOf(id: string): MarketRecord {
  const times = { offered: at("2019-09-03"), deadline: at("2020-08-26") };
  return {
    lots: [
      {
        ...{ lotId: 1n, case: id, goods: "pineapples", hsCode: "080430", unit: "t", ...times },
        ...{ quantity: 34_042n, price: 1_288_940_001n, pledged: 1_500n, sold: 1_200n },
      },
      {
        ...{ lotId: 2n, case: id, goods: "pianos", hsCode: "920110", unit: "instruments", ...times },
        ...{ quantity: 11n, price: 21_346_730_000n, pledged: 0n, sold: 0n },
      },
    ],
    pledges: [
      { time: at("2019-09-04"), lotId: 1n, buyer: "BBB", quantity: 1_000n },
      { time: at("2019-09-06"), lotId: 1n, buyer: "CCC", quantity: 500n },
    ],
    purchases: [
      { time: at("2019-09-05"), lotId: 1n, buyer: "BBB", quantity: 700n, paid: 902_258_000_700n },
      { time: at("2019-09-07"), lotId: 1n, buyer: "CCC", quantity: 500n, paid: 644_470_000_500n },
    ],
    buyers: [
      { code: "BBB", bought: 902_258_000_700n, target: 4_876_000_000_001n },
      { code: "CCC", bought: 644_470_000_500n, target: 333_000_000_000n },
    ],
    loss: {
      before: 3_446_728_001_200n,
      bought: 1_546_728_001_200n,
      after: 1_900_000n * USD,
      payable: 1_250_000n * USD,
    },
  };
}

/** What two buyers at home and one from nowhere told took beside the market, of goods with two units. */
export function goodsOfCase(id: string): Goods {
  const purchase = { case: id, usual: 0n, pledged: at("2019-09-02"), bought: undefined };
  return {
    lots: [
      {
        ...{ case: id, hsCode: "080430", goods: "pineapples", unit: "t", quantity: 34_042n, price: 1_288_940_001n },
        derivation: "by the customs",
      },
      {
        ...{ case: id, hsCode: "920110", goods: "pianos", unit: "instruments", quantity: 11n, price: 21_346_730_000n },
        derivation: "the order",
      },
    ],
    elsewhere: [
      {
        ...{ ...purchase, hsCode: "080430", buyers: "shops", country: "AAA", quantity: 41_687n, usual: 687n },
        ...{ amount: 52_846_540_041_000n, reason: "buyers in the member's own country", derivation: "whole fruit" },
      },
      {
        ...{ ...purchase, hsCode: "080430", buyers: "exporters", country: "", quantity: 5n, derivation: "" },
        ...{ amount: 6_444_700_005n, reason: "buyers of countries that are not told" },
      },
      {
        ...{ ...purchase, hsCode: "920110", buyers: "a foundation", country: "AAA", quantity: 11n },
        ...{ bought: at("2019-09-08"), amount: 234_814_030_000n, reason: "buyers in the member's own country" },
        derivation: "the whole order",
      },
    ],
    loss: { before: 1_781_551_031_200n, onMarket: 1_546_728_001_200n, elsewhere: 234_814_030_000n, after: 9n * USD },
  };
}

const RECIPIENTS: CampaignRecord["recipients"] = [
  {
    ...{ index: 0n, recipients: "large firms", purpose: "industry", account: "0xB0" },
    ...{ amount: 100_000_000_001n, claimed: at("2020-10-01") },
  },
  {
    ...{ index: 1n, recipients: "small firms", purpose: "industry", account: "0xB1" },
    ...{ amount: 50_000_000_000n, claimed: at("2020-10-03") },
  },
  {
    ...{ index: 2n, recipients: "their workers", purpose: "worker", account: "0xB2" },
    ...{ amount: 200_000_000_002n, claimed: at("2020-10-02") },
  },
  {
    ...{ index: 3n, recipients: "other workers", purpose: "worker", account: "0xB3" },
    ...{ amount: 66_000_000_000n, claimed: undefined },
  },
];

/** A third of the awards: most was claimed, something nobody claimed, and dividing left two base units. */
export function earmarkOf(): EarmarkRecord {
  return {
    ...{ share: 333_333, received: 416_000_000_007n, compensated: 350_000_000_003n, returned: 66_000_000_002n },
    ...{ held: 2n, owed: 666_250_000n },
    campaign: {
      ...{ campaignId: 4_294_967_297n, opened: at("2020-09-01") + 9 * HOUR, root: `0x${"6e".repeat(32)}` },
      ...{ total: 416_000_000_003n, deadline: at("2021-03-01") - 1, recipients: RECIPIENTS },
      unclaimed: { time: at("2021-03-01"), amount: 66_000_000_000n },
    },
    unassigned: { time: at("2021-09-01"), amount: 2n },
  };
}

/** Three members filed, two of them on one day. */
export function measureOf(id: string): JointMeasureRecord {
  return {
    measureId: 1n,
    row: {
      ...{ measure: "WT/DS1", case: id, title: "Case over the trade of AAA", target: "CHN", kind: "other" },
      ...{ proposed: at("2019-10-01"), until: at("2020-12-02") },
      acts: [{ by: ["BBB", "CCC", "DDD"], filed: at("2019-10-02"), derivation: "told by the organization" }],
    },
    ...{ proposalId: 3n, adopted: at("2019-10-22"), start: at("2019-10-22"), end: at("2020-12-02") - 1 },
    implementations: [
      { code: "BBB", time: at("2019-10-22") + HOUR },
      { code: "CCC", time: at("2019-10-22") + 2 * HOUR },
      { code: "DDD", time: at("2019-10-25") },
    ],
    ...{ implemented: 3, awaited: 1, missing: 5 },
  };
}
