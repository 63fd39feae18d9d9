package main

import (
	"flag"

	"github.com/example/ledger"
)

func main() {
	rules := flag.String("rules", "rules.json", "which rules to report on")
	flag.Parse()
	ledger.Report(*rules)
}
