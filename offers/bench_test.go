package offers_test

import (
	"fmt"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// fleet is a list of offers like those of a big cluster: each with attributes, several kinds of resources, and some of
// them reserved for others. None has enough memory for a node, so that every offer is looked at and refused.
func fleet(count int) []offers.Offer {
	list := make([]offers.Offer, 0, count)
	for i := range count {
		name := fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
		list = append(list, offers.Offer{
			IDs: []string{"offer-" + name},
			Agent: tasks.Agent{
				ID: "agent-" + name, Hostname: name, Region: "r", Zone: fmt.Sprintf("z%d", i%3),
				Attributes: []tasks.Attribute{{Name: "os", Value: "debian"}, {Name: "rack", Value: fmt.Sprintf("rack-%d", i%40)}},
			},
			Resources: []tasks.Resource{
				scalar(tasks.CPUs, 4), scalar(tasks.Mem, 1024+float64(i%1024)), scalar(tasks.Disk, 20000),
				ports(1025, 2180, 2182, 3887, 3889, 5049, 5052, 8079, 8082, 8180, 8182, 32000),
				reserved(scalar(tasks.CPUs, 1), labelled(role, "framework-2", "x")), reserved(scalar(tasks.Mem, 1024), labelled(role, "framework-2", "y")),
				mountDisk("/mnt/a", 4000, ""),
			},
		})
	}
	return list
}

// wanted are three nodes, with as many others placed as an existing cluster has.
func wanted(placement string, others []tasks.Placed) []tasks.Requirement {
	list := make([]tasks.Requirement, 3)
	for i := range list {
		list[i] = node()
		list[i].Pod.Index = 10000 + i
		list[i].Placement, list[i].Others = placement, others
	}
	return list
}

func spread(list []offers.Offer, count int) []tasks.Placed {
	others := make([]tasks.Placed, 0, count)
	for i := range count {
		others = append(others, placed(i, list[i].Agent))
	}
	return others
}

const benchPlacement = "hostname:UNIQUE,@zone:GROUP_BY:3,rack:MAX_PER:50,rack:LIKE:rack-[0-9]+"

// BenchmarkEvaluate10000 evaluates 10,000 offers for three pods with placement and explains the outcome. The budget is
// 200,000 offers a second; an offer counts once, although three pods look at it.
func BenchmarkEvaluate10000(b *testing.B) {
	list := fleet(10000)
	requirements := wanted(benchPlacement, spread(list, 100))
	b.ReportAllocs()
	for b.Loop() {
		for _, req := range requirements {
			outcome := offers.Evaluate(req, list, newIDs(1))
			if outcome.Match != nil || len(offers.Explain(req, outcome.Refusals).Counts) == 0 {
				b.Fatal("wants all offers refused, with an explanation")
			}
		}
	}
	b.ReportMetric(float64(len(list))*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
	b.ReportMetric(3*float64(len(list))*float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
}

// BenchmarkSpread grows the number of placed pods: an evaluation must cost the sum of offers and pods, not the product.
func BenchmarkSpread(b *testing.B) {
	list := fleet(10000)
	for _, count := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprintf("placed=%d", count), func(b *testing.B) {
			req := wanted(benchPlacement, spread(list, count))[0]
			for b.Loop() {
				if offers.Evaluate(req, list, newIDs(1)).Match != nil {
					b.Fatal("wants all offers refused")
				}
			}
			b.ReportMetric(float64(len(list))*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
		})
	}
}

// BenchmarkMatch is the usual case: the first offer serves.
func BenchmarkMatch(b *testing.B) {
	list := []offers.Offer{offerOf("a")}
	req := wanted("hostname:UNIQUE", nil)[0]
	for b.Loop() {
		if offers.Evaluate(req, list, newIDs(1)).Match == nil {
			b.Fatal("refused")
		}
	}
}
