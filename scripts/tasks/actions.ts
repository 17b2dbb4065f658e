// What the tasks do: each reads its options, opens a desk, and leaves the rest to scripts/lib/tools.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CannotCheck } from "../lib/deployment/chain.ts";
import { connect } from "../lib/deployment/connection.ts";
import type { Access } from "../lib/deployment/connection.ts";
import { InputError } from "../lib/csv.ts";
import { count } from "../lib/format.ts";
import { Progress } from "../lib/progress.ts";
import { MEASURES } from "../lib/replay/data.ts";
import { campaignLines, isOffline, openCampaign, prepareCampaign } from "../lib/tools/campaign.ts";
import type { CampaignChoices } from "../lib/tools/campaign.ts";
import { claim as handIn } from "../lib/tools/claims.ts";
import { fileAttack, reportLoss } from "../lib/tools/cases.ts";
import { dependenceCsv, dependenceLines, readDependence } from "../lib/tools/dependence.ts";
import { openDesk } from "../lib/tools/desk.ts";
import type { Desk } from "../lib/tools/desk.ts";
import {
  addressOf,
  amountOf,
  attackNumber,
  choiceOf,
  evidenceHash,
  memberCode,
  readAll,
  required,
  senderOf,
  timeOf,
  wholeNumber,
} from "../lib/tools/input.ts";
import { collect as collectFor, contribute as pay } from "../lib/tools/payments.ts";
import { Refused } from "../lib/tools/refusals.ts";
import { buildScale, proposeScale, scaleLines } from "../lib/tools/scale.ts";
import { attackStatus, fundStatus, memberStatus, proposalStatus } from "../lib/tools/status.ts";
import { SUPPORTS, vote as castVote } from "../lib/tools/votes.ts";
import { PPM } from "../lib/tools/weights.ts";

type Hre = HardhatRuntimeEnvironment;
type Choice = string | undefined;

interface Place {
  deploymentId: Choice;
}

interface Sending extends Place {
  from: Choice;
  print: boolean;
}

const EXIT_REFUSED = 1;
const EXIT_UNUSABLE = 2;

const say = (line: string) => {
  console.log(line);
};

/** Acts; what a person can mend is told in words. Exits 1 on what the contracts refuse, 2 on what cannot be used. */
async function acting(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof InputError) for (const sentence of error.sentences) console.error(sentence);
    else if (error instanceof Refused || error instanceof CannotCheck)
      console.error(error instanceof Refused ? String(error) : error.message);
    else throw error;
    process.exitCode = error instanceof Refused ? EXIT_REFUSED : EXIT_UNUSABLE;
  }
}

/** Opens the desk of the network's deployment. */
async function withDesk(
  { deploymentId }: Place,
  hre: Hre,
  act: (desk: Desk) => Promise<void>,
  access?: Access,
): Promise<void> {
  const connection = await connect(hre, undefined, access);
  try {
    await act(await openDesk(hre, connection, deploymentId, say));
  } finally {
    await connection.close();
  }
}

/** The same for who only looks, and needs no key. */
const withReadingDesk: typeof withDesk = (place, hre, act) => withDesk(place, hre, act, { readsOnly: true });

/** Acts at the desk, whose token and accounts tell what the options may be. */
async function atDesk(place: Place, hre: Hre, act: (desk: Desk) => Promise<void>): Promise<void> {
  await acting(() => withDesk(place, hre, act));
}

type CampaignArguments = CampaignChoices & Place & { send: boolean };

export async function campaign(given: CampaignArguments, hre: Hre): Promise<void> {
  const prepare = async (desk: Desk | undefined) => {
    const progress = new Progress("campaign");
    try {
      const prepared = await prepareCampaign(given, desk, progress.reached);
      progress.stop();
      campaignLines(prepared).forEach(say);
      if (desk !== undefined) await openCampaign(desk, prepared, given.send);
    } finally {
      progress.stop();
    }
  };
  if (!isOffline(given)) await atDesk(given, hre, prepare);
  else {
    await acting(async () => {
      if (given.send)
        throw new InputError("--send: needs a chain; without --chain-id and --distributor would be right.");
      await prepare(undefined);
    });
  }
}

export async function claim(given: Sending & { proof: Choice }, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { proof, from } = readAll({
      proof: () => required("--proof", given.proof),
      from: () => senderOf(desk, "--from", given.from),
    });
    const { print } = given;
    const { paid, amount, before, refused } = await handIn(desk, proof, { from, print });
    if (!print)
      say(
        `${count(paid)} paid with ${desk.money.show(amount)}, ${count(before)} paid before, ${count(refused)} refused`,
      );
    if (refused > 0) process.exitCode = EXIT_REFUSED;
  });
}

type DependenceChoices = Place & { block: Choice; at: Choice; json: boolean; csv: boolean };

export async function dependence(given: DependenceChoices, hre: Hre): Promise<void> {
  await acting(async () => {
    const { block, time } = readAll({
      block: () =>
        given.block === undefined
          ? undefined
          : Number(wholeNumber("--block", given.block, 0n, BigInt(Number.MAX_SAFE_INTEGER))),
      time: () => (given.at === undefined ? undefined : timeOf("--at", given.at)),
      form: () => {
        if (given.json && given.csv) throw new InputError("--json, --csv: one of them at most would be right.");
      },
    });
    await withReadingDesk(given, hre, async (desk) => {
      const found = await readDependence(desk, { block, time });
      if (given.json)
        say(JSON.stringify(found, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2));
      else (given.csv ? dependenceCsv(found) : dependenceLines(found, desk)).forEach(say);
    });
  });
}

type ScaleChoices = Omit<Sending, "print"> & { csv: Choice; description: Choice; send: boolean };

export async function scale(given: ScaleChoices, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { csv, from } = readAll({
      csv: () => required("--csv", given.csv),
      from: () => (given.send ? senderOf(desk, "--from", given.from) : undefined),
    });
    const proposal = await buildScale(desk, csv, given.description);
    scaleLines(desk, proposal).forEach(say);
    if (from !== undefined) await proposeScale(desk, proposal, from);
  });
}

export async function contribute(
  given: Sending & { member: Choice; amount: Choice; permit: boolean },
  hre: Hre,
): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { permit, print } = given;
    const payment = readAll({
      code: () => memberCode("--member", given.member),
      amount: () => amountOf("--amount", given.amount, desk.money),
      from: () => sender(given),
    });
    await pay(desk, { ...payment, permit, print });
  });
}

export async function collect(given: Sending & { member: Choice }, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { code, from } = readAll({ code: () => memberCode("--member", given.member), from: () => sender(given) });
    await collectFor(desk, code, { from, print: given.print });
  });
}

export async function vote(
  given: Sending & { proposal: Choice; support: Choice; reason: Choice },
  hre: Hre,
): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { reason, print } = given;
    const ballot = readAll({
      proposalId: () => wholeNumber("--proposal", given.proposal),
      support: () => choiceOf("--support", given.support, SUPPORTS),
      from: () => senderOf(desk, "--from", given.from),
    });
    await castVote(desk, { ...ballot, reason, print });
  });
}

type FilingChoices = Sending &
  Record<"member" | "coercer" | "measure" | "started" | "evidence" | "uri" | "incident" | "share", Choice>;

export async function file(given: FilingChoices, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const filing = readAll({
      code: () => memberCode("--member", given.member),
      coercer: () => memberCode("--coercer", given.coercer),
      measure: () => choiceOf("--measure", given.measure, MEASURES),
      startedAt: () => timeOf("--started", given.started),
      evidence: () => evidenceHash("--evidence", given.evidence),
      uri: () => required("--uri", given.uri),
      incident: () => required("--incident", given.incident),
      share: () => wholeNumber("--share", given.share ?? "0", 0n, PPM),
      from: () => sender(given),
    });
    await fileAttack(desk, { ...filing, print: given.print });
  });
}

export async function report(
  given: Sending & Record<"attack" | "round" | "loss" | "evidence", Choice>,
  hre: Hre,
): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const told = readAll({
      attackId: () => attackNumber("--attack", given.attack),
      round: () => wholeNumber("--round", given.round),
      loss: () => amountOf("--loss", given.loss, desk.money, 0n),
      evidence: () => evidenceHash("--evidence", given.evidence),
      from: () => senderOf(desk, "--from", given.from),
    });
    await reportLoss(desk, { ...told, print: given.print });
  });
}

export async function status(given: Place & Record<"member" | "attack" | "proposal", Choice>, hre: Hre): Promise<void> {
  await acting(async () => {
    const { member, attack, proposal } = given;
    const asked = readAll({
      member: () => (member === undefined ? undefined : memberCode("--member", member)),
      attack: () => (attack === undefined ? undefined : attackNumber("--attack", attack)),
      proposal: () => (proposal === undefined ? undefined : wholeNumber("--proposal", proposal)),
      one: () => {
        if ([member, attack, proposal].filter((choice) => choice !== undefined).length > 1)
          throw new InputError("--member, --attack and --proposal: one of them at most would be right.");
      },
    });
    await withReadingDesk(given, hre, async (desk) => {
      const lines =
        asked.member !== undefined
          ? await memberStatus(desk, asked.member)
          : asked.attack !== undefined
            ? await attackStatus(desk, asked.attack)
            : asked.proposal !== undefined
              ? await proposalStatus(desk, asked.proposal)
              : await fundStatus(desk);
      lines.forEach(say);
    });
  });
}

/** Who sends, if it was said. */
function sender({ from }: Sending): string | undefined {
  return from === undefined ? undefined : addressOf("--from", from);
}
