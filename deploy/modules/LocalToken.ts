import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The account that issues the test token: never the deployer, who is to hold nothing in the end. */
const ISSUER = 4;

/** The settlement token of a chain of one's own, with something of it for every treasury. */
export function localToken(treasuries: readonly string[]) {
  return buildModule("LocalToken", (m) => {
    const issuer = m.getAccount(ISSUER);
    const token = m.contract("TestToken", [issuer]);
    treasuries.forEach((treasury, i) => {
      m.call(token, "mint", [treasury, m.getParameter("treasuryBalance")], { id: `mint_${i}`, from: issuer });
    });
    return { token };
  });
}
