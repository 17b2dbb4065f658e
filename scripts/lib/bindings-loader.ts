// Under Hardhat the bindings that typechain generates can be loaded as they are; under Node alone they name one another
// by `.js`, for which there are only `.ts`. To be imported before anything that loads them.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const isBinding = context.parentURL?.includes("/typechain-types/") === true && specifier.startsWith(".");
    return next(isBinding ? specifier.replace(/\.js$/, ".ts") : specifier, context);
  },
});
