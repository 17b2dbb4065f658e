// What treasury officials, council members, assessors and those to be compensated do, as Hardhat tasks.
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

import type * as actions from "./actions.ts";

/** Loads what a task does only once it is called. */
const action =
  <Name extends keyof typeof actions>(name: Name) =>
  async () => ({ default: (await import("./actions.ts"))[name] });

const text = <Name extends string>(name: Name, description: string) =>
  ({ name, description, type: ArgumentType.STRING_WITHOUT_DEFAULT, defaultValue: undefined }) as const;
const flag = <Name extends string>(name: Name, description: string) => ({ name, description });

const deploymentId = text("deploymentId", "Name of the deployment's folder (default: chain-<chain id>)");
const from = text("from", "The account that sends (default: the network's only one)");
const print = flag("print", "Prints the transaction for a wallet elsewhere instead of sending it");

export const people = [
  task(["fund", "campaign"], "Builds a campaign of compensation from a CSV file, and verifies every proof again")
    .addOption(text("csv", "File with the columns account, amount, purpose (industry or worker)"))
    .addOption(text("attack", "Number of the attack"))
    .addOption(text("number", "Number of the campaign (default: the attack's next)"))
    .addOption(text("out", "Folder for the proof files"))
    .addOption(text("deadline", "Days for which claims are accepted, 91 to 730 (default: 180)"))
    .addOption(text("uri", "Where those concerned will find their proofs"))
    .addOption(text("chainId", "Without a chain: its id"))
    .addOption(text("distributor", "Without a chain: address of the CompensationDistributor"))
    .addOption(text("decimals", "Without a chain: decimals of the token (default: 6)"))
    .addFlag(flag("send", "Opens the campaign, if the network has the key of the treasury"))
    .addOption(deploymentId)
    .setAction(action("campaign"))
    .build(),
  task(["fund", "claim"], "Hands in a claim of compensation, or a folder of them; anyone may")
    .addOption(text("proof", "Proof file, or a folder of them"))
    .addOption(from)
    .addFlag(print)
    .addOption(deploymentId)
    .setAction(action("claim"))
    .build(),
];
