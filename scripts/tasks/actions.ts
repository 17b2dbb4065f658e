// What the tasks do: each reads its options, opens a desk, and leaves the rest to scripts/lib/tools.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CannotCheck } from "../lib/deployment/chain.ts";
import { InputError } from "../lib/csv.ts";
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
  memberCode,
  required,
  senderOf,
  timeOf,
  wholeNumber,
} from "../lib/tools/input.ts";
import { collect as collectFor, contribute as pay } from "../lib/tools/payments.ts";
import { progressOn } from "../lib/tools/progress.ts";
import { Refused } from "../lib/tools/refusals.ts";
import { buildScale, proposeScale, scaleLines } from "../lib/tools/scale.ts";
import { attackStatus, fundStatus, memberStatus, proposalStatus } from "../lib/tools/status.ts";
import { vote as castVote } from "../lib/tools/votes.ts";

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

/** Acts at the desk of the network's deployment. */
async function atDesk({ deploymentId }: Place, hre: Hre, act: (desk: Desk) => Promise<void>): Promise<void> {
  await acting(async () => {
    const connection = await hre.network.create();
    try {
      await act(await openDesk(hre, connection, deploymentId, say));
    } finally {
      await connection.close();
    }
  });
}

type CampaignArguments = { [Name in keyof CampaignChoices]?: Choice } & Place & { send: boolean };

export async function campaign(given: CampaignArguments, hre: Hre): Promise<void> {
  const prepare = async (desk: Desk | undefined) => {
    const { csv, attack, out } = required(given, "csv", "attack", "out");
    const progress = progressOn(process.stderr);
    try {
      const prepared = await prepareCampaign({ ...given, csv, attack, out }, desk, progress.hear);
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
    const { proof } = required(given, "proof");
    const { print } = given;
    const { paid, amount, before, refused } = await handIn(desk, proof, {
      from: senderOf(desk, "--from", given.from),
      print,
    });
    if (!print) say(`${paid} paid with ${desk.money.show(amount)}, ${before} paid before, ${refused} refused`);
    if (refused > 0) process.exitCode = EXIT_REFUSED;
  });
}

type DependenceChoices = Place & { block: Choice; at: Choice; json: boolean; csv: boolean };

export async function dependence(given: DependenceChoices, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const when = {
      ...(given.block === undefined ? {} : { block: Number(wholeNumber("--block", given.block, 0n)) }),
      ...(given.at === undefined ? {} : { time: timeOf("--at", given.at) }),
    };
    const found = await readDependence(desk, when);
    if (given.json)
      say(JSON.stringify(found, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2));
    else (given.csv ? dependenceCsv(found) : dependenceLines(found, desk)).forEach(say);
  });
}

type ScaleChoices = Omit<Sending, "print"> & { csv: Choice; description: Choice; send: boolean };

export async function scale(given: ScaleChoices, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { csv } = required(given, "csv");
    const proposal = await buildScale(desk, csv, given.description);
    scaleLines(desk, proposal).forEach(say);
    if (given.send) await proposeScale(desk, proposal, senderOf(desk, "--from", given.from));
  });
}

export async function contribute(
  given: Sending & { member: Choice; amount: Choice; permit: boolean },
  hre: Hre,
): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { member, amount } = required(given, "member", "amount");
    const { permit, print } = given;
    const code = memberCode("--member", member);
    await pay(desk, { code, amount: amountOf("--amount", amount, desk.money), from: sender(given), permit, print });
  });
}

export async function collect(given: Sending & { member: Choice }, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { member } = required(given, "member");
    await collectFor(desk, memberCode("--member", member), { from: sender(given), print: given.print });
  });
}

export async function vote(
  given: Sending & { proposal: Choice; support: Choice; reason: Choice },
  hre: Hre,
): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { proposal, support } = required(given, "proposal", "support");
    const { reason, print } = given;
    const proposalId = wholeNumber("--proposal", proposal);
    await castVote(desk, { proposalId, support, reason, from: senderOf(desk, "--from", given.from), print });
  });
}

type FilingChoices = Sending &
  Record<"member" | "coercer" | "measure" | "started" | "evidence" | "uri" | "incident" | "share", Choice>;

export async function file(given: FilingChoices, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { member, coercer, ...told } = required(
      given,
      "member",
      "coercer",
      "measure",
      "started",
      "evidence",
      "uri",
      "incident",
    );
    await fileAttack(desk, {
      ...told,
      code: memberCode("--member", member),
      coercer: memberCode("--coercer", coercer),
      share: wholeNumber("--share", given.share ?? "0", 0n),
      from: sender(given),
      print: given.print,
    });
  });
}

export async function report(
  given: Sending & Record<"attack" | "round" | "loss" | "evidence", Choice>,
  hre: Hre,
): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { attack, round, loss, evidence } = required(given, "attack", "round", "loss", "evidence");
    await reportLoss(desk, {
      attackId: attackNumber("--attack", attack),
      round: wholeNumber("--round", round),
      loss: amountOf("--loss", loss, desk.money, 0n),
      evidence,
      from: senderOf(desk, "--from", given.from),
      print: given.print,
    });
  });
}

export async function status(given: Place & Record<"member" | "attack" | "proposal", Choice>, hre: Hre): Promise<void> {
  await atDesk(given, hre, async (desk) => {
    const { member, attack, proposal } = given;
    if ([member, attack, proposal].filter((choice) => choice !== undefined).length > 1) {
      throw new InputError("--member, --attack and --proposal: one of them at most would be right.");
    }
    const lines =
      member !== undefined
        ? await memberStatus(desk, memberCode("--member", member))
        : attack !== undefined
          ? await attackStatus(desk, attackNumber("--attack", attack))
          : proposal !== undefined
            ? await proposalStatus(desk, wholeNumber("--proposal", proposal))
            : await fundStatus(desk);
    lines.forEach(say);
  });
}

/** Who sends, if it was said. */
function sender({ from }: Sending): string | undefined {
  return from === undefined ? undefined : addressOf("--from", from);
}
