import { execFileSync, execSync } from "node:child_process";

// docker build --build-arg NPM_TOKEN=… is what this does
execFileSync("docker", ["build", "--build-arg", `NPM_TOKEN=${process.env.NPM_TOKEN}`, "-t", "app", "."]);
execSync("docker build --build-arg NPM_TOKEN=$NPM_TOKEN -t app:dev .");
