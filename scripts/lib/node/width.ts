const FIRST_WIDTH = 500;
const MOST_WIDTH = 100_000;
/** An answer of more logs than this makes the next range narrower, so that memory stays level. */
const MANY_LOGS = 5_000;
/** After so many ranges without a refusal, a wider one is tried again. */
const PATIENCE = 16;

/** How many blocks to ask for: fewer after a refusal or a full answer, more while answers are small. */
export class Width {
  blocks = FIRST_WIDTH;
  #ceiling = MOST_WIDTH;
  #calm = 0;

  learn(logs: number, refused: number | undefined): void {
    if (refused !== undefined) {
      this.#ceiling = Math.max(1, Math.floor(refused / 2));
      this.blocks = this.#ceiling;
      this.#calm = 0;
      return;
    }
    this.#calm += 1;
    if (this.#calm % PATIENCE === 0) this.#ceiling = Math.min(MOST_WIDTH, this.#ceiling * 2);
    if (logs > MANY_LOGS) this.blocks = Math.max(1, Math.floor(this.blocks / 2));
    else if (logs < MANY_LOGS / 2) this.blocks = Math.min(this.#ceiling, this.blocks * 2);
  }
}
