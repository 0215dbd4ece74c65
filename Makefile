.PHONY: build test race lint fuzz bench soak

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

# every fuzz target for ten seconds; make fuzz FUZZTIME=10m for a real search
fuzz:
	.ci/fuzz $(or $(FUZZTIME),10s)

bench:
	go run ./bench/compare $(BENCH)

# the scenarios at their full length; RIP_TEST_SOAK is how long load is kept up
soak:
	RIP_TEST_LONG=1 RIP_TEST_SOAK=$(or $(SOAK),30m) go test -count=1 -timeout=0 ./test/...
