// What people do with the fund, as Hardhat tasks: `npx hardhat fund`.
import { emptyTask, task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

import { people } from "./tasks/people.ts";

const optional = { type: ArgumentType.STRING_WITHOUT_DEFAULT, defaultValue: undefined } as const;
const parameters = {
  ...optional,
  name: "parameters",
  description: "JSON5 file of parameters (default: deploy/parameters/<network>.json5)",
};
const founding = {
  ...optional,
  name: "founding",
  description: "JSON5 file of the founding (default: deploy/parameters/founding.<network>.json5)",
};
const deploymentId = {
  ...optional,
  name: "deploymentId",
  description: "Name of the deployment's folder (default: chain-<chain id>)",
};

const option = (name: string, description: string) => ({ ...optional, name, description });

export const tasks = [
  emptyTask("fund", "The Crisis Insurance Fund").build(),
  task(["fund", "deploy"], "Deploys the fund, or resumes a deployment, and proves its wiring")
    .addOption(parameters)
    .addOption(founding)
    .addOption(deploymentId)
    .setAction(() => import("./deploy.ts"))
    .build(),
  task(["fund", "verify-wiring"], "Proves that a deployment is as planned and that nobody kept any power")
    .addOption(parameters)
    .addOption(founding)
    .addOption(deploymentId)
    .setAction(() => import("./verify-wiring.ts"))
    .build(),
  task(["fund", "export"], "Writes the fund's journal down for auditors")
    .addOption({ ...optional, name: "format", description: "Some of csv,json,hledger,beancount (default: all)" })
    .addOption({ ...optional, name: "out", description: "The folder to write into (default: out)" })
    .addOption({ ...optional, name: "council", description: "Address of the fund's council (default: as recorded)" })
    .addOption(deploymentId)
    .addOption({ ...optional, name: "from", description: "First block to read (default: that of the deployment)" })
    .addOption({ ...optional, name: "block", description: "Last block to read (default: the latest)" })
    .setAction(() => import("./export.ts"))
    .build(),
  task(["fund", "audit"], "Recomputes everything from the events and compares it with the chain")
    .addOption(option("council", "Address of the fund's council (default: the deployment's)"))
    .addOption(deploymentId)
    .addOption(option("market", "Address of the SolidarityMarket, if it is not the one with the role"))
    .addOption(option("measures", "Address of the MeasuresRegister, which no other contract names"))
    .addOption(option("distributor", "Address of the CompensationDistributor, if it is not the one with the role"))
    .addOption(option("from", "First block to read (default: the one that brought the first contract)"))
    .addOption(option("block", "Block at which to compare (default: the last that is final)"))
    .addOption(option("blockHash", "Hash of that block, from somewhere else than the node"))
    .addOption(option("secondRpc", "URL of another node that is asked the same"))
    .addOption(option("cache", "File in which to keep what was read (default: below the cache folder)"))
    .addOption(option("export", "Also write the journal down, in some of csv,json,hledger,beancount"))
    .addOption(option("out", "The folder to write it into (default: out)"))
    .addFlag({ name: "proof", description: "Prove the fund's books against the block's hash" })
    .addFlag({ name: "receipts", description: "Prove that the node leaves out no event" })
    .addFlag({ name: "json", description: "Print the result as JSON" })
    .setAction(() => import("./audit.ts"))
    .build(),
  ...people,
];
