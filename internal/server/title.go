package server

import (
	"os"
	"unsafe"
)

// setTitle changes what ps shows for this process. The kernel reads that from
// the memory that the arguments came in (proc_pid_cmdline(5)), which os.Args
// still points to: a longer title than there is room for is cut.
func setTitle(title string) {
	room := 0
	start := unsafe.StringData(os.Args[0])
	for _, arg := range os.Args {
		// Only as long as the arguments lie one behind the other.
		if unsafe.Pointer(unsafe.StringData(arg)) != unsafe.Add(unsafe.Pointer(start), room) {
			break
		}
		room += len(arg) + 1
	}
	if room < 2 {
		return
	}
	kept := make([]string, len(os.Args))
	for i, arg := range os.Args {
		kept[i] = string([]byte(arg))
	}
	memory := unsafe.Slice(start, room-1)
	clear(memory[copy(memory, title):])
	os.Args = kept
}
