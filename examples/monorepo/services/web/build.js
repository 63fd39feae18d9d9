const fs = require("node:fs");

fs.mkdirSync("dist", { recursive: true });
fs.copyFileSync("server.js", "dist/server.js");
