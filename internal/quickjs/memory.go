package quickjs

import (
	"errors"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
	"modernc.org/memory"
)

// overhead is what an allocation counts beyond its size.
const overhead = 8

var errMemory = errors.New("no memory for the JavaScript engine")

// useOwnMemory makes the functions with which the engine allocates from memory
// of its own. That of libc belongs to the process and has a lock; and this can
// be given back in one piece, whatever is in it.
func (e *Engine) useOwnMemory() (functions uintptr, err error) {
	p, err := e.memory.UintptrMalloc(int(unsafe.Sizeof(lib.TJSMallocFunctions{})))
	if err != nil || p == 0 {
		return 0, errMemory
	}
	*(*lib.TJSMallocFunctions)(unsafe.Add(nil, p)) = lib.TJSMallocFunctions{
		Fjs_malloc:             e.pointer(e.allocate),
		Fjs_free:               e.pointer(e.release),
		Fjs_realloc:            e.pointer(e.reallocate),
		Fjs_malloc_usable_size: e.pointer(usable),
	}
	return p, nil
}

func state(s uintptr) *lib.TJSMallocState { return (*lib.TJSMallocState)(unsafe.Add(nil, s)) }

func usable(_ *libc.TLS, p uintptr) lib.Tsize_t {
	if p == 0 {
		return 0
	}
	return lib.Tsize_t(memory.UintptrUsableSize(p))
}

func (e *Engine) allocate(tls *libc.TLS, s uintptr, size lib.Tsize_t) uintptr {
	st := state(s)
	if st.Fmalloc_size+size > st.Fmalloc_limit || st.Fmalloc_size+size < size {
		return 0
	}
	p, err := e.memory.UintptrMalloc(int(size))
	if err != nil || p == 0 {
		return 0
	}
	st.Fmalloc_count++
	st.Fmalloc_size += usable(tls, p) + overhead
	return p
}

func (e *Engine) release(tls *libc.TLS, s, p uintptr) {
	if p == 0 {
		return
	}
	st := state(s)
	st.Fmalloc_count--
	st.Fmalloc_size -= usable(tls, p) + overhead
	_ = e.memory.UintptrFree(p)
}

func (e *Engine) reallocate(tls *libc.TLS, s, p uintptr, size lib.Tsize_t) uintptr {
	if p == 0 {
		if size == 0 {
			return 0
		}
		return e.allocate(tls, s, size)
	}
	if size == 0 {
		e.release(tls, s, p)
		return 0
	}
	st := state(s)
	old := usable(tls, p)
	if st.Fmalloc_size+size-old > st.Fmalloc_limit {
		return 0
	}
	moved, err := e.memory.UintptrRealloc(p, int(size))
	if err != nil {
		return 0
	}
	st.Fmalloc_size += usable(tls, moved) - old
	return moved
}

// Memory returns how many bytes the objects of the engine take.
func (e *Engine) Memory() int64 {
	return int64((*lib.TJSRuntime)(unsafe.Add(nil, e.runtime)).Fmalloc_ctx.Fmalloc_state.Fmalloc_size)
}

// collectInTime has the engine look for cycles of objects before the limit is
// reached. By itself it does so when the heap has grown by half since the last
// time, which may be beyond.
func (e *Engine) collectInTime() {
	rt := (*lib.TJSRuntime)(unsafe.Add(nil, e.runtime))
	if e.limit > 0 && int64(rt.Fmalloc_gc_threshold) > e.limit {
		size := e.Memory()
		rt.Fmalloc_gc_threshold = lib.Tsize_t(size + (e.limit-size)/2)
	}
}

// Collect frees the objects that hold each other and are held by nobody else.
// All others are freed at once when nobody holds them any more.
func (e *Engine) Collect() { lib.XJS_RunGC(e.tls, e.runtime) }

// copied returns a copy of s for C, which ends with a zero byte.
func (e *Engine) copied(s string) (uintptr, error) {
	p, err := e.memory.UintptrMalloc(len(s) + 1)
	if err != nil || p == 0 {
		return 0, errMemory
	}
	fill(p, s)
	return p, nil
}

// briefly returns a copy of s for C for one call, which must not come back to
// Go before it has read it. Done is to be called after it.
func (e *Engine) briefly(s string) (p uintptr, done func(), err error) {
	if len(s) < scratch {
		fill(e.room, s)
		return e.room, func() {}, nil
	}
	p, err = e.copied(s)
	return p, func() { _ = e.memory.UintptrFree(p) }, err
}

// fill copies s to p, and a zero byte.
func fill(p uintptr, s string) {
	b := region(p, len(s)+1)
	copy(b, s)
	b[len(s)] = 0
}

// region returns memory of C as bytes.
func region(p uintptr, n int) []byte { return unsafe.Slice((*byte)(unsafe.Add(nil, p)), n) }
