module example.com/report

go 1.24

require github.com/example/ledger v1.2.0
