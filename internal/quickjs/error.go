package quickjs

import (
	"errors"
	"strings"

	lib "modernc.org/libquickjs"
)

// ErrInterrupted is what the error of an interrupted call is.
var ErrInterrupted = errors.New("interrupted")

// Error is something that JavaScript has thrown.
type Error struct {
	Name    string // of an Error object, such as "TypeError"; "" when it was none
	Message string // of an Error object, else what was thrown as a string
	Stack   string // "    at function (file:line:column)" and a line break, per call
	Cause   *Error // of an Error object whose cause is one

	stopped bool
}

// Error implements the interface: the name and the message, without the stack.
func (e *Error) Error() string {
	switch {
	case e.Name == "":
		return "uncaught " + e.Message
	case e.Message == "":
		return e.Name
	}
	return e.Name + ": " + e.Message
}

// Is implements what errors.Is looks for.
func (e *Error) Is(target error) bool { return target == ErrInterrupted && e.stopped }

// OutOfMemory reports whether the limit of Options.Memory was reached.
func (e *Error) OutOfMemory() bool { return e.Name == "InternalError" && e.Message == "out of memory" }

func interruption() *Error {
	return &Error{Name: "InternalError", Message: "interrupted", stopped: true}
}

// exception takes the pending exception.
func (e *Engine) exception() error {
	v := e.own(lib.XJS_GetException(e.tls, e.context))
	defer v.Free()
	lib.XJS_SetUncatchableException(e.tls, e.context, 0)
	return e.describe(v, 0)
}

// maxCauses is how many causes of an error are followed.
const maxCauses = 5

// Describe returns what was thrown, or what a promise was rejected with, as an
// error of Go.
func (e *Engine) Describe(v Value) *Error { return e.describe(v, 0) }

func (e *Engine) describe(v Value, depth int) *Error {
	if !v.IsObject() {
		return &Error{Message: v.String()}
	}
	name, message, stack := v.Get("name"), v.Get("message"), v.Get("stack")
	defer func() { name.Free(); message.Free(); stack.Free() }()
	if !v.IsError() && !(name.IsString() && message.IsString()) {
		return &Error{Message: v.String()}
	}
	err := &Error{Name: name.String(), Message: message.String()}
	if stack.IsString() {
		err.Stack = stack.String()
	}
	if e.stopped.Load() && err.Name == "InternalError" && err.Message == "interrupted" {
		err.stopped = true
	}
	if cause := v.Get("cause"); cause.IsError() && depth < maxCauses {
		err.Cause = e.describe(cause, depth+1)
		cause.Free()
	} else {
		cause.Free()
	}
	return err
}

// errorValue makes an Error object.
func (e *Engine) errorValue(err error) (Value, error) {
	var thrown *Error
	name, message := "Error", err.Error()
	if errors.As(err, &thrown) {
		name, message = thrown.Name, thrown.Message
	}
	if strings.HasSuffix(name, "Error") && name != "Error" {
		if class := e.Global().Get(name); class.IsFunction() {
			defer class.Free()
			text, failed := e.text(message)
			if failed != nil {
				return Undefined, failed
			}
			defer text.Free()
			*slot(e.room, 0) = text.v
			e.enter()
			return e.leave(lib.XJS_CallConstructor(e.tls, e.context, class.v, 1, e.room))
		}
	}
	v, failed := e.made(lib.XJS_NewError(e.tls, e.context))
	if failed != nil {
		return Undefined, failed
	}
	_ = v.Set("message", message)
	if name != "Error" && name != "" {
		_ = v.Set("name", name)
	}
	return v, nil
}
