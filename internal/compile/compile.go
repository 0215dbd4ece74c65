// Package compile runs compilers that are written in JavaScript, for the loaders
// of an app ([loaders] in rip.toml), and remembers what they made.
package compile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/quickjs"
	"github.com/rip-server/rip-server/internal/webapi"
)

const (
	// patience is how long the compilation of one file may take.
	patience = 30 * time.Second

	// memoryLimit is what the engine of a compiler may take.
	memoryLimit = 1 << 30
)

// Compiler is a module that exports compile(source, options). It is loaded when
// a file is compiled that was not compiled before. Its methods may be called
// from any goroutine.
type Compiler struct {
	Module string // its absolute path
	Dir    string // the folder of the app, absolute, without symbolic links
	Cache  string // the folder for what it made, absolute; made when needed
	Log    io.Writer

	mu     sync.Mutex
	script []byte
	files  []string
	failed error // of the bundle
	engine *quickjs.Engine
	call   quickjs.Value
}

// Files returns what the compiler itself was made from, for as far as that is
// known.
func (c *Compiler) Files() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string{c.Module}, c.files...)
}

// Close gives back the memory of the engine. The compiler may be used again.
func (c *Compiler) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.engine != nil {
		c.engine.Close()
	}
	c.engine, c.script, c.failed = nil, nil, nil
}

// Compile returns the JavaScript that a file is compiled to. The error is a
// *bundle.CompileError when it is the fault of the file.
func (c *Compiler) Compile(path string) (code string, err error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	name, err := filepath.Rel(c.Dir, path)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.bundle(); err != nil {
		return "", err
	}
	kept := c.kept(name, source)
	if text, err := os.ReadFile(kept); err == nil {
		touch(kept)
		return string(text), nil
	}
	if code, err = c.run(name, string(source)); err != nil {
		return "", err
	}
	return code, keep(kept, code)
}

// bundle makes the compiler itself one script.
func (c *Compiler) bundle() error {
	if c.script != nil || c.failed != nil {
		return c.failed
	}
	entry, err := filepath.Rel(c.Dir, c.Module)
	if err != nil {
		return err
	}
	b, err := bundle.Build(bundle.Options{Dir: c.Dir, Entry: entry, Everything: true})
	c.files = b.Files
	if err != nil {
		c.failed = fmt.Errorf("the loader: %w", err)
		return c.failed
	}
	c.script, _ = bundle.Split(b.Script)
	return nil
}

// run calls the compiler.
func (c *Compiler) run(name, source string) (code string, err error) {
	defer func() {
		if err != nil {
			c.forget()
		}
	}()
	if err := c.load(); err != nil {
		return "", err
	}
	var result quickjs.Value
	err = c.within(func() error {
		promise, err := c.engine.Call(c.call, quickjs.Undefined, source, name)
		if err != nil {
			return err
		}
		if err := c.engine.RunJobs(); err != nil {
			return err
		}
		if promise.State() == quickjs.Rejected {
			return c.engine.Describe(promise.Result())
		}
		if promise.State() != quickjs.Fulfilled {
			return errors.New("its promise waits for something that never comes")
		}
		result = promise.Result()
		return nil
	})
	if err != nil {
		return "", c.problem(err)
	}
	defer result.Free()
	if message := result.Get("error"); message.IsString() {
		return "", &bundle.CompileError{Text: message.String(), Line: result.Get("line").Int(), Column: result.Get("column").Int()}
	}
	return result.Get("code").String(), nil
}

// load makes an engine with the compiler in it.
func (c *Compiler) load() error {
	if c.engine != nil {
		return nil
	}
	e, err := quickjs.New(quickjs.Options{Memory: memoryLimit})
	if err != nil {
		return err
	}
	c.engine = e
	_, err = webapi.Install(e, webapi.Options{
		Loop: webapi.NewLoop(), Stdout: c.Log, Stderr: c.Log, Failed: func(*quickjs.Error) {},
	})
	if err != nil {
		return err
	}
	err = c.within(func() error {
		module, err := e.Eval(string(c.script), filepath.Base(c.Module))
		if err != nil {
			return err
		}
		adapt, err := e.Eval(adapter, "adapter")
		if err != nil {
			return err
		}
		if c.call, err = e.Call(adapt, quickjs.Undefined, module); err != nil {
			return err
		}
		return e.RunJobs()
	})
	if err != nil {
		return c.problem(err)
	}
	return nil
}

// within bounds the time that a call takes.
func (c *Compiler) within(call func() error) error {
	e := c.engine
	timer := time.AfterFunc(patience, e.Interrupt)
	defer timer.Stop()
	err := call()
	if errors.Is(err, quickjs.ErrInterrupted) {
		return fmt.Errorf("it takes longer than %s", patience)
	}
	return err
}

func (c *Compiler) problem(err error) error {
	name, _ := filepath.Rel(c.Dir, c.Module)
	return fmt.Errorf("the loader %s: %w", name, err)
}

// forget makes the next call begin with a new engine.
func (c *Compiler) forget() {
	if c.engine != nil {
		c.engine.Close()
		c.engine = nil
	}
}

// adapter makes a function of source and name out of a module, whatever its
// compile returns or throws. Places in errors are where the compilers that
// there are have them.
const adapter = `(module) => {
  const loading = module({ env: {} });
  return async (source, filename) => {
    const [{ compile, default: other }] = await loading;
    const call = compile ?? other?.compile ?? other;
    if (typeof call !== "function") throw new TypeError("it exports no function compile(source, options)");
    let result;
    try {
      result = await call(source, { filename, inlineMap: true });
    } catch (error) {
      const at = error?.location ?? {};
      return {
        error: String(error?.message ?? error),
        line: error?.line ?? error?.loc?.line ?? (at.first_line === undefined ? 0 : at.first_line + 1),
        column: error?.column ?? error?.loc?.column ?? (at.first_column === undefined ? 0 : at.first_column + 1),
      };
    }
    const code = typeof result === "string" ? result : result?.code ?? result?.js;
    if (typeof code !== "string") throw new TypeError("compile returned no text");
    const map = typeof result === "string" ? undefined : result.map;
    if (!map) return { code };
    const text = typeof map === "string" ? map : JSON.stringify(map);
    return { code: code + "\n//# sourceMappingURL=data:application/json," + encodeURIComponent(text) };
  };
}`
