package webapi

import "testing"

// benchmarkLoop runs an expression many times inside the engine, so that the
// call into it counts little.
func benchmarkLoop(b *testing.B, expression string) {
	s := newScripted(b)
	run, err := s.Eval(`(n) => { for (let i = 0; i < n; i++) `+expression+` }`, "bench.js")
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if _, err := s.Call(run, s.Global(), b.N); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkURL(b *testing.B) {
	for name, expression := range map[string]string{
		"pathname":     `new URL("http://localhost:5002/users/1234?fields=name").pathname`,
		"searchParams": `new URL("http://localhost:5002/users/1234?fields=name").searchParams.get("fields")`,
		"relative":     `new URL("../x", "http://localhost:5002/users/1234").href`,
	} {
		b.Run(name, func(b *testing.B) { benchmarkLoop(b, expression) })
	}
}

func BenchmarkConsoleLog(b *testing.B) {
	benchmarkLoop(b, `console.log("GET", "/users", { status: 200, ms: 1.5 })`)
}

func BenchmarkStructuredClone(b *testing.B) {
	benchmarkLoop(b, `structuredClone({ id: 1, name: "a", tags: ["x", "y"], at: { x: 1 } })`)
}

func BenchmarkDigest(b *testing.B) {
	benchmarkLoop(b, `crypto.subtle.digest("SHA-256", new Uint8Array(64))`)
}
