import { INTERFACES } from "./bindings.ts";
import { decoderOf } from "./decoder.ts";

/** A log as the event it is, or undefined if the contract's interface knows no such event. */
export const decode = decoderOf(INTERFACES);
