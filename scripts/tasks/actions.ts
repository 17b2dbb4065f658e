// What the tasks do: each reads its options, opens a desk, and leaves the rest to scripts/lib/tools.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CannotCheck } from "../lib/deployment/chain.ts";
import { InputError } from "../lib/replay/csv.ts";
import { campaignLines, isOffline, openCampaign, prepareCampaign } from "../lib/tools/campaign.ts";
import type { CampaignChoices } from "../lib/tools/campaign.ts";
import { claim as handIn } from "../lib/tools/claims.ts";
import { openDesk } from "../lib/tools/desk.ts";
import type { Desk } from "../lib/tools/desk.ts";
import { required, senderOf } from "../lib/tools/input.ts";
import { progressOn } from "../lib/tools/progress.ts";
import { Refused } from "../lib/tools/refusals.ts";

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
    else if (error instanceof Refused || error instanceof CannotCheck) console.error(error.message);
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
