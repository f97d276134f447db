package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"github.com/casbin/govaluate"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/open-policy-agent/opa/v1/rego"
)

// The other engines, each in the way that its own documentation shows: conditions are
// compiled once, the ticket is handed in as that engine takes it, and its text is put in
// lower case once a ticket.

// must is for what is known when the program is written.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// plainExpr is a struct behind a pointer and a program for each rule. Keywords are searched
// for one after the other: a pattern such as \b(lawyer|sue)\b, which others write, takes
// many times as long.
func plainExpr(list []rule, tickets []ticket) func(int, []int) []int {
	env := new(ticket)
	match := exprOn(list, func(int) *ticket { return env })
	return func(t int, holds []int) []int {
		*env = tickets[t]
		env.Text = strings.ToLower(env.Text)
		return match(t, holds)
	}
}

// plainExprLowered is the same on tickets whose text is in lower case already.
func plainExprLowered(list []rule, tickets []ticket) func(int, []int) []int {
	tickets = slices.Clone(tickets)
	for t := range tickets {
		tickets[t].Text = strings.ToLower(tickets[t].Text)
	}
	return exprOn(list, func(t int) *ticket { return &tickets[t] })
}

func exprOn(list []rule, env func(int) *ticket) func(int, []int) []int {
	programs := make([]*vm.Program, len(list))
	for i, r := range list {
		programs[i] = must(expr.Compile(r.write(`"`, `category in [%s]`, `text contains %s`), expr.Env(&ticket{}), expr.AsBool()))
	}
	return func(t int, holds []int) []int {
		env := env(t)
		for i, program := range programs {
			if must(vm.Run(program, env)).(bool) {
				holds = append(holds, i)
			}
		}
		return holds
	}
}

// asMap is a ticket by the names of its fields, for the engines that take it so.
func (t *ticket) asMap() map[string]any {
	return map[string]any{
		"category": t.Category, "priority": t.Priority, "vip": t.VIP, "contacts": t.Contacts, "seats": t.Seats,
		"revenue": t.Revenue, "ltv": t.LTV, "text": strings.ToLower(t.Text),
	}
}

func celGo(list []rule, tickets []ticket) func(int, []int) []int {
	env := must(cel.NewEnv(
		cel.Variable("category", cel.StringType), cel.Variable("priority", cel.StringType), cel.Variable("vip", cel.BoolType),
		cel.Variable("contacts", cel.IntType), cel.Variable("seats", cel.IntType), cel.Variable("revenue", cel.DoubleType),
		cel.Variable("ltv", cel.DoubleType), cel.Variable("text", cel.StringType)))
	programs := make([]cel.Program, len(list))
	for i, r := range list {
		ast, issues := env.Compile(r.write(`"`, `category in [%s]`, `text.contains(%s)`))
		if issues.Err() != nil {
			panic(issues.Err())
		}
		programs[i] = must(env.Program(ast, cel.EvalOptions(cel.OptOptimize)))
	}
	return func(t int, holds []int) []int {
		activation := must(cel.NewActivation(tickets[t].asMap()))
		for i, program := range programs {
			out, _, err := program.Eval(activation)
			if must(out, err).Value().(bool) {
				holds = append(holds, i)
			}
		}
		return holds
	}
}

// goValuate has no search for letters but by pattern, so it is given a function.
func goValuate(list []rule, tickets []ticket) func(int, []int) []int {
	functions := map[string]govaluate.ExpressionFunction{
		"contains": func(args ...any) (any, error) { return strings.Contains(args[0].(string), args[1].(string)), nil },
	}
	programs := make([]*govaluate.EvaluableExpression, len(list))
	for i, r := range list {
		programs[i] = must(govaluate.NewEvaluableExpressionWithFunctions(r.write(`'`, `category in (%s)`, `contains(text, %s)`), functions))
	}
	return func(t int, holds []int) []int {
		parameters := tickets[t].asMap()
		for i, program := range programs {
			if must(program.Evaluate(parameters)).(bool) {
				holds = append(holds, i)
			}
		}
		return holds
	}
}

// opa has one module in which each rule adds its number to a set; so it can index them.
func opa(list []rule, tickets []ticket) func(int, []int) []int {
	var module strings.Builder
	module.WriteString("package escalation\n")
	for i, r := range list {
		fmt.Fprintf(&module, "holds contains %d if {\n", i)
		if r.words != nil {
			fmt.Fprintf(&module, "\tsome word in [%s]\n\tcontains(input.text, word)\n", quoted(r.words, `"`))
		} else {
			for _, clause := range r.clauses(`"`, `category in {%s}`) {
				fmt.Fprintf(&module, "\tinput.%s\n", clause)
			}
		}
		module.WriteString("}\n")
	}
	ctx := context.Background()
	query := must(rego.New(rego.Query("data.escalation.holds"), rego.Module("rules.rego", module.String())).PrepareForEval(ctx))
	return func(t int, holds []int) []int {
		results := must(query.Eval(ctx, rego.EvalInput(tickets[t].asMap())))
		for _, n := range results[0].Expressions[0].Value.([]any) {
			i := must(n.(json.Number).Int64())
			holds = append(holds, int(i))
		}
		return holds
	}
}
