const http = require("node:http");
const berths = require("@harbour/berths");

http.createServer((request, response) => response.end(berths.page(request.url))).listen(3000);
