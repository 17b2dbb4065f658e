// Sending what people decide: tried first, told why if it is refused, and waited for.
import type { ContractTransaction, TransactionReceipt } from "ethers";

import { decode } from "../events/decode.ts";
import type { LedgerEvent } from "../events/events.ts";
import { InputError } from "../csv.ts";
import type { Desk } from "./desk.ts";
import { Refused, revertData, sentenceOf } from "./refusals.ts";

/** A transaction that somebody is to send. */
export interface Order {
  from: string;
  /** What a person calls the account, for the case that the network lacks its key. */
  as: string;
  call: Promise<ContractTransaction>;
  gasLimit?: bigint;
  /** Prints the transaction, for a wallet that signs elsewhere, instead of sending it. */
  print?: boolean;
}

/** Tries a call without sending it. @throws Refused with the reason, if a contract refuses it */
export async function attempt(desk: Desk, from: string, call: Promise<ContractTransaction>, gasLimit?: bigint) {
  const { to, data } = await call;
  try {
    return await desk.provider.call({ to, data, from, ...(gasLimit === undefined ? {} : { gasLimit }) });
  } catch (error) {
    throw refusedBy(error, desk) ?? error;
  }
}

/**
 * Tries a transaction, sends it and waits for it. Tells the events of the fund that came of it; none if it was printed.
 * @throws Refused if a contract refuses it, InputError if the network lacks the key of the account that is to send it
 */
export async function carryOut(desk: Desk, order: Order): Promise<LedgerEvent[]> {
  const { from, as, call, gasLimit } = order;
  await attempt(desk, from, call, gasLimit);
  const { to, data } = await call;
  if (order.print) {
    desk.say(`from:  ${from}`);
    desk.say(`to:    ${to}`);
    desk.say("value: 0");
    if (gasLimit !== undefined) desk.say(`gas:   ${gasLimit}`);
    desk.say(`data:  ${data}`);
    return [];
  }
  const signer = desk.accounts.find(({ address }) => address === from);
  if (signer === undefined) {
    throw new InputError(
      `${from} is ${as}, and the network has no key of it; --print gives the transaction for its own wallet.`,
    );
  }
  try {
    const gas = gasLimit ?? (await desk.provider.estimateGas({ to, data, from }));
    const sent = await signer.sendTransaction({ to, data, gasLimit: gas });
    const receipt = await sent.wait();
    if (receipt === null) throw new Refused(`transaction ${sent.hash} is in no block`);
    desk.say(`transaction ${receipt.hash} in block ${receipt.blockNumber}, ${receipt.gasUsed} gas`);
    return await eventsOf(desk, receipt);
  } catch (error) {
    throw refusedBy(error, desk) ?? error;
  }
}

function refusedBy(error: unknown, { money }: Desk): Refused | undefined {
  if (error instanceof Refused) return error;
  const data = revertData(error);
  if (data === undefined) return undefined;
  return new Refused(`${sentenceOf(data, money) ?? `the contract gives no reason that is known (${data})`}.`);
}

async function eventsOf(desk: Desk, receipt: TransactionReceipt): Promise<LedgerEvent[]> {
  const time = (await desk.provider.getBlock(receipt.blockNumber))?.timestamp ?? 0;
  return receipt.logs.flatMap((log) => {
    const by = desk.speakers.get(log.address.toLowerCase());
    if (by === undefined) return [];
    const place = { block: receipt.blockNumber, index: log.index, transaction: receipt.hash, time };
    return decode(by, log, place) ?? [];
  });
}
