package quickjs

import (
	"unsafe"

	lib "modernc.org/libquickjs"
)

// Code is a compiled script. Any engine of the same program can run it.
type Code []byte

// Compile compiles a script without running it.
func (e *Engine) Compile(source, file string) (Code, error) {
	compiled, err := e.eval(source, file, lib.MJS_EVAL_TYPE_GLOBAL|lib.MJS_EVAL_FLAG_COMPILE_ONLY)
	if err != nil {
		return nil, err
	}
	defer compiled.Free()
	size := e.room
	p := lib.XJS_WriteObject(e.tls, e.context, size, compiled.v, lib.MJS_WRITE_OBJ_BYTECODE)
	if p == 0 {
		return nil, e.exception()
	}
	code := Code(append([]byte(nil), region(p, int(*(*lib.Tsize_t)(unsafe.Add(nil, size))))...))
	lib.Xjs_free(e.tls, e.context, p)
	return code, nil
}

// Run runs a compiled script, as Eval runs its source.
func (e *Engine) Run(code Code) (Value, error) {
	p, err := e.copied(string(code))
	if err != nil {
		return Undefined, err
	}
	defer func() { _ = e.memory.UintptrFree(p) }()
	compiled, err := e.made(lib.XJS_ReadObject(e.tls, e.context, p, lib.Tsize_t(len(code)), lib.MJS_READ_OBJ_BYTECODE))
	if err != nil {
		return Undefined, err
	}
	e.enter()
	return e.leave(lib.XJS_EvalFunction(e.tls, e.context, compiled.v)) // takes it
}
