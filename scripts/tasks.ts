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
  ...people,
];
