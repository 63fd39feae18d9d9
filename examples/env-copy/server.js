const http = require("node:http");
const ledger = require("@example/ledger");

http.createServer((request, response) => response.end(ledger.summary(request.url))).listen(3000);
