package runtimes

import (
	"os"
	"runtime"
)

// ownProgram returns a path at which this program can be started again. The file
// may have been replaced since the server started, and then it is the old one
// that is meant, where the system can tell.
func ownProgram() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}
