package config

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

func TestMisspeltVariables(t *testing.T) {
	app(t, "")
	for name, near := range map[string]string{
		"RIP_WORKER_":    "RIP_WORKERS",
		"RIP_WROKERS":    "RIP_WORKERS",
		"RIP_workers":    "RIP_WORKERS",
		"RIP_MAXQUEUE":   "RIP_MAX_QUEUE",
		"RIP_MAX_QUEUES": "RIP_MAX_QUEUE",
		"RIP_HTPP":       "RIP_HTTP",
		"RIP_ENVV":       "RIP_ENV",
		"RIP_RUNDIR":     "RIP_RUN_DIR",
		"RIP_CACHE_DIRR": "RIP_CACHE_DIR",
		"RIP_HOT_RELAOD": "RIP_HOT_RELOAD",
	} {
		refused(t, []string{"app"}, []string{name + "=4"}, 2, "unknown variable "+name+"=4", "did you mean "+near+"?")
	}
	refused(t, []string{"app"}, []string{"RIP_WORKRS=a\nb"}, 2, `unknown variable "RIP_WORKRS=a\nb"`, "did you mean RIP_WORKERS?")
	refused(t, []string{"app"}, []string{"RIP_COMMAND=x"}, 2, "RIP_COMMAND=x: not a variable",
		`command is a key in rip.toml; use a list of words: command = ["python3", "worker.py"]`)
	refused(t, []string{"app"}, []string{"RIP_JSON=1", "RIP_JSON_LOGGING=1"}, 2,
		"RIP_JSON_LOGGING=1: json-logging is already set by RIP_JSON=1", "leave one of them out")
}

// An app may have variables that begin like ours, and so may tests.
func TestForeignVariables(t *testing.T) {
	app(t, "")
	env := []string{"RIP_CURRENT=1", "RIP_TEST_LONG=1", "RIP_TEST_WORKERS=x", "RIP_=1", "RIP=1", "rip_workers=x", "XRIP_WORKERS=x", "nonsense", "RIP_WROKERS="}
	if _, err := Load([]string{"app"}, append(env, folderEnv...)); err != nil {
		t.Error(err)
	}
}

// A server that is started by a worker has the worker's variables: each is an
// option that means the same, or of no interest.
func TestVariablesOfWorkers(t *testing.T) {
	var names []string
	for _, pattern := range []string{"../wire/*.go", "../../worker/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range regexp.MustCompile(`"(RIP_[A-Z_]*[A-Z])"`).FindAllSubmatch(text, -1) {
				names = append(names, string(match[1]))
			}
		}
	}
	if len(names) < 10 {
		t.Fatalf("only %q", names)
	}
	for _, name := range names {
		if near := misspelt(name); near != "" && near != name && !slices.Contains(others, name) {
			t.Errorf("%s passes for a misspelt %s", name, near)
		}
	}
	app(t, "")
	for _, name := range others[2:] { // beyond the folders
		if _, err := Load([]string{"app"}, append(folderEnv, name+"=1")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
