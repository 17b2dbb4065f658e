import type { Tally } from "./gas.ts";
import type { Options } from "./options.ts";
import type { Prices } from "./parameters.ts";

const GWEI = 1e9;
const PPM = 1e6;

/** A chain, and what some transactions cost on it. */
export interface Market {
  name: string;
  /** In dollars. */
  costOf: (tally: Pick<Tally, "bytes" | "count" | "gas">) => number;
  /** The assumptions, in words. */
  assumed: string;
}

/** The prices of the file, with those of the command line in their place. */
export function pricesOf(given: Prices, { ether, gasPrice, blobPrice }: Partial<Options>): Prices {
  return {
    ...given,
    ether: ether ?? given.ether,
    mainnet: gasPrice ?? given.mainnet,
    blobByte: blobPrice ?? given.blobByte,
  };
}

/** Mainnet, where gas is all there is to pay, and the rollups, whose data are put into mainnet's blobs besides. */
export function marketsOf({ ether, mainnet, blobByte, envelope, rollups }: Prices): Market[] {
  const dollars = (gwei: number) => (gwei / GWEI) * ether;
  const onMainnet: Market = {
    name: "mainnet",
    costOf: ({ gas }) => dollars(gas * mainnet),
    assumed: `mainnet: ${mainnet} gwei a unit of gas`,
  };
  const onRollups = rollups.map(({ name, gas: price, compressed }): Market => ({
    name,
    costOf: ({ bytes, count, gas }) => {
      const published = ((bytes + envelope * count) * compressed) / PPM;
      return dollars(gas * price + published * blobByte);
    },
    assumed: `${name}: ${price} gwei a unit of gas, and ${blobByte} gwei for each byte published on mainnet, which are ${compressed / 10_000}% of a transaction's`,
  }));
  return [onMainnet, ...onRollups];
}
