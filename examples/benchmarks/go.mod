module github.com/escalade-go/escalade/examples/benchmarks

go 1.26.0

require (
	github.com/escalade-go/escalade v0.0.0
	github.com/rickar/cal/v2 v2.1.13
)

replace github.com/escalade-go/escalade => ../..
