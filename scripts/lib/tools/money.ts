import { Contract, formatUnits } from "ethers";
import type { Provider } from "ethers";

const METADATA = ["function symbol() view returns (string)", "function decimals() view returns (uint8)"];

/** The settlement token as people read it. */
export class Money {
  readonly symbol: string;
  readonly decimals: number;

  constructor(symbol: string, decimals: number) {
    this.symbol = symbol;
    this.decimals = decimals;
  }

  static async of(token: string, provider: Provider): Promise<Money> {
    const contract = new Contract(token, METADATA, provider);
    const [symbol, decimals] = (await Promise.all([
      contract.getFunction("symbol").staticCall(),
      contract.getFunction("decimals").staticCall(),
    ])) as [string, bigint];
    return new Money(symbol, Number(decimals));
  }

  /** Base units in full: 1,234,567.5 USDC. */
  show(units: bigint): string {
    const [whole = "", fraction = "0"] = formatUnits(units, this.decimals).split(".");
    const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return `${digits}${fraction === "0" ? "" : `.${fraction}`} ${this.symbol}`;
  }
}
