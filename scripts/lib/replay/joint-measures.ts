import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { documentHash, documentUri } from "./ledger.ts";
import { KINDS } from "./measures-data.ts";
import type { MeasureRow } from "./measures-data.ts";
import { decide } from "./votes.ts";
import type { World } from "./world.ts";

/** What the council adopts about a coercer by an ordinary vote, and who files on which day that it carries it out. */
export class JointMeasures {
  /** The row that a measure is of. */
  readonly adopted = new Map<bigint, MeasureRow>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  enter(): void {
    const { input, timeline, parameters } = this.#world;
    for (const row of input.measures) {
      if (row.proposed >= input.genesis) timeline.at(row.proposed + parameters.officeHour, () => this.#propose(row));
    }
  }

  async #propose(row: MeasureRow): Promise<void> {
    const { registry, measures } = this.#world.ledger;
    const target = toBytes3(row.target);
    // A measure is directed at a state outside the alliance.
    if (await registry.isMember(target)) return;
    const [instrument, uri] = [documentHash(row.measure), documentUri(row.measure)];
    const times = [row.proposed, row.until - 1] as const;
    const kind = KINDS.indexOf(row.kind);
    const data = measures.interface.encodeFunctionData("adopt", [target, kind, instrument, uri, ...times]);
    const description = `Adopt a joint measure against ${row.target}: ${row.title} (${row.measure})`;
    await decide(this.#world, description, [{ target: measures, data }], () => this.#begin(row));
  }

  async #begin(row: MeasureRow): Promise<void> {
    const { ledger, timeline, parameters } = this.#world;
    const measureId = await ledger.measures.measureCount();
    this.adopted.set(measureId, row);
    for (const { by, filed } of row.acts) {
      const time = Math.max(filed + parameters.officeHour, ledger.chain.now + 1);
      if (time + by.length < row.until) timeline.at(time, () => this.#file(measureId, row, by));
    }
  }

  async #file(measureId: bigint, row: MeasureRow, by: readonly string[]): Promise<void> {
    const { chain, measures, registry, actors } = this.#world.ledger;
    for (const code of by) {
      const actor = actors.find((one) => one.code === code);
      if (actor === undefined || !(await registry.isMember(actor.bytes3))) continue;
      const hash = documentHash(`${row.measure}: ${code}`);
      const call = measures.fileImplementation.populateTransaction(measureId, hash, documentUri(row.measure, code));
      await chain.send(actor.delegate, call);
    }
  }
}
