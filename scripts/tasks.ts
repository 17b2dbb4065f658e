// What people do with the fund, as Hardhat tasks: `npx hardhat fund`.
import { emptyTask, task } from "hardhat/config";

const parameters = { name: "parameters", description: "JSON5 file of parameters", defaultValue: "" };
const founding = { name: "founding", description: "JSON5 file of the founding", defaultValue: "" };
const deploymentId = { name: "deploymentId", description: "Name of the deployment's folder", defaultValue: "" };

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
];
