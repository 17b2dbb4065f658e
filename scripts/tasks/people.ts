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
const fromTreasury = text("from", "The account that sends (default: the member's treasury)");
const member = text("member", "Code of the member, like LTU");
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
  task(["fund", "dependence"], "Prints how much the alliance depends on each coercer, and what that adds to weights")
    .addOption(text("block", "The state at this block (default: the latest)"))
    .addOption(text("at", "The exposures that hold at this date or time (default: that of the block)"))
    .addFlag(flag("json", "Prints JSON"))
    .addFlag(flag("csv", "Prints a CSV line for every pair of member and coercer"))
    .addOption(deploymentId)
    .setAction(action("dependence"))
    .build(),
  task(["fund", "scale"], "Builds the proposal that sets a new scale from a CSV file")
    .addOption(text("csv", "File with the columns member, capacity, dependence (both in ppm)"))
    .addOption(text("description", "Description of the proposal"))
    .addFlag(flag("send", "Proposes it by the delegate named by --from"))
    .addOption(from)
    .addOption(deploymentId)
    .setAction(action("scale"))
    .build(),
  task(["fund", "contribute"], "Pays a member's contribution")
    .addOption(member)
    .addOption(text("amount", "Amount in the token's units"))
    .addFlag(flag("permit", "Signs a permit (ERC-2612) instead of relying on an approval"))
    .addOption(fromTreasury)
    .addFlag(print)
    .addOption(deploymentId)
    .setAction(action("contribute"))
    .build(),
  task(["fund", "collect"], "Transfers to a member's treasury what lies ready for it; anyone may")
    .addOption(member)
    .addOption(fromTreasury)
    .addFlag(print)
    .addOption(deploymentId)
    .setAction(action("collect"))
    .build(),
  task(["fund", "vote"], "Casts the ballot of a seat")
    .addOption(text("proposal", "Number of the proposal"))
    .addOption(text("support", "for, against or abstain"))
    .addOption(text("reason", "A reason, published with the ballot"))
    .addOption(from)
    .addFlag(print)
    .addOption(deploymentId)
    .setAction(action("vote"))
    .build(),
  task(["fund", "file"], "Files an attack, which opens the vote on it")
    .addOption(member)
    .addOption(text("coercer", "Code of the coercer"))
    .addOption(text("measure", "What was done, such as import_ban or tariff"))
    .addOption(text("started", "When it began: a date, or a time like 2026-11-03T09:00Z"))
    .addOption(text("evidence", "File with the evidence, or its hash"))
    .addOption(text("uri", "Where the evidence can be read"))
    .addOption(text("incident", "A label that ties cases of one event together"))
    .addOption(text("share", "Which part of each award is for industries and workers, in ppm (default: 0)"))
    .addOption(text("from", "Treasury or delegate of the member (default: whichever key the network has)"))
    .addFlag(print)
    .addOption(deploymentId)
    .setAction(action("file"))
    .build(),
  task(["fund", "report"], "Reports an assessor's loss for a round")
    .addOption(text("attack", "Number of the attack"))
    .addOption(text("round", "Number of the round"))
    .addOption(text("loss", "Cumulative net loss in the token's units, what allies bought included"))
    .addOption(text("evidence", "File with the evidence, or its hash"))
    .addOption(from)
    .addFlag(print)
    .addOption(deploymentId)
    .setAction(action("report"))
    .build(),
  task(["fund", "status"], "Prints how the fund stands, or a member, an attack or a proposal")
    .addOption(member)
    .addOption(text("attack", "Number of an attack"))
    .addOption(text("proposal", "Number of a proposal"))
    .addOption(deploymentId)
    .setAction(action("status"))
    .build(),
];
