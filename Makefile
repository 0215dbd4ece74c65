.PHONY: build test race lint fuzz bench soak long slow

build:
	go build -o rip-server ./cmd/rip-server

test:
	go test ./...

race:
	go test -race -short ./...

lint:
	gofmt -l . | (! grep .)
	go vet ./...
	go tool staticcheck ./...

# every fuzz target with 100,000 inputs; make fuzz FUZZTIME=10m for a real search
fuzz:
	.ci/fuzz $(or $(FUZZTIME),100000x)

bench:
	go run ./bench/compare $(BENCH)

# load, kills, hangs and restarts for half an hour; make soak SOAK=8h for a night
soak:
	RIP_TEST_SOAK=$(or $(SOAK),30m) go test -count=1 -timeout=0 -v -run '^TestScenarioSoak$$' ./test/scenario

# the whole-program tests at their full length
long:
	RIP_TEST_LONG=1 go test -count=1 -timeout=0 ./test/...

# slow clients: a gigabyte in each direction, and the attacks of slowhttptest (Debian)
slow:
	RIP_TEST_LONG=1 go test -count=1 -timeout=0 -v -run '^Test(Gigabyte|SlowAttacks)$$' ./test/slow
