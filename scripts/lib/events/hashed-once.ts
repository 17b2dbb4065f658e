import type { EventFragment, FunctionFragment, Interface } from "ethers";

/**
 * Keeps with each function and event of an interface the hash that it is known by, which ethers works out anew for every call
 * and every log.
 */
export function hashedOnce<Known extends Interface>(known: Known): Known {
  known.forEachFunction((fragment) => {
    keep(fragment, "selector");
  });
  known.forEachEvent((fragment) => {
    keep(fragment, "topicHash");
  });
  return known;
}

function keep<Name extends string>(
  fragment: (EventFragment | FunctionFragment) & Record<Name, string>,
  name: Name,
): void {
  Object.defineProperty(fragment, name, { value: fragment[name] });
}
