module github.com/escalade-go/escalade/examples/handoff

go 1.26.0

require (
	github.com/escalade-go/escalade v0.0.0
	github.com/stretchr/testify v1.12.1
	github.com/yuin/goldmark v1.8.7
	golang.org/x/net v0.62.0
)

require (
	github.com/expr-lang/expr v1.17.8 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/escalade-go/escalade => ../..
