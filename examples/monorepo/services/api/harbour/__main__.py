import csv
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

TIDES = list(csv.reader(Path("/srv/tides.csv").read_text().splitlines()))


class Tides(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write("\n".join(";".join(row) for row in TIDES).encode())


HTTPServer(("", 8000), Tides).serve_forever()
