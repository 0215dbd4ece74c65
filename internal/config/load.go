package config

import "fmt"

// Load makes a Config of the arguments of the serve command and of the
// environment ("KEY=value"). What tokens and flags say wins over the
// environment, that over rip.toml, that over the defaults. Every error is a
// *Problem.
//
// It looks whether the app path exists, not at what is there, and makes nothing.
func Load(args, environ []string) (*Config, error) {
	said, err := parseArgs(args)
	if err != nil {
		return nil, err
	}
	c := &Config{sources: map[string]string{}}
	if err := c.findApp(said.path); err != nil {
		return nil, err
	}
	variables := makeVariables(environ)
	inEnv, err := variables.settings(said.dir)
	if err != nil {
		return nil, err
	}
	inFile, err := c.loadFile(said, inEnv)
	if err != nil {
		return nil, err
	}
	for _, settings := range [][]setting{inFile, inEnv, said.settings} {
		if err := c.apply(settings); err != nil {
			return nil, err
		}
	}
	if err := c.usePort(variables, inEnv, said.settings); err != nil {
		return nil, err
	}
	if err := c.applyDefaults(); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := c.findFolders(variables); err != nil {
		return nil, err
	}
	c.findCapsules()
	return c, nil
}

// apply sets options in order. It refuses an option that one source sets
// twice: nobody can tell which one was meant.
func (c *Config) apply(settings []setting) error {
	seen := map[*option]string{}
	for _, s := range settings {
		if first, ok := seen[s.option]; ok {
			return usage(fmt.Sprintf("%s: %s is already set by %s", s.source, s.option.name, first), "leave one of them out")
		}
		seen[s.option] = s.source
		if err := s.option.kind.set(c, s.value); err != nil {
			return s.problem(err)
		}
		c.sources[s.option.name] = s.source
	}
	return nil
}

func (c *Config) applyDefaults() error {
	for i := range table {
		o := &table[i]
		if _, ok := c.sources[o.name]; ok || o.derived {
			continue
		}
		text := o.initial
		if c.Env == Production && o.production != "" {
			text = o.production
		}
		source := fmt.Sprintf("the default of %s, %s", o.name, text)
		if err := o.kind.set(c, value{text: text, dir: c.Dir}); err != nil {
			return setting{o, value{text: text}, source}.problem(err)
		}
	}
	if c.Host == "" {
		c.Host = Loopback
		if c.Env == Production {
			c.Host = AllInterfaces
		}
	}
	if c.Name == "" {
		c.Name = NameOf(c.Path)
	}
	c.useExec()
	if c.Source("max-target") == "" {
		c.MaxTarget = min(c.MaxTarget, c.MaxHead)
	}
	return nil
}

// check looks at what only several options together can get wrong.
func (c *Config) check() error {
	if c.StatusPath != "" && c.StatusPath == c.ServerPath {
		return usage(fmt.Sprintf("%s: %s is the same path", c.whence("status-path", c.StatusPath), c.whence("server-path", c.ServerPath)),
			"give them different paths, or turn one off: --server-path=off")
	}
	if c.MaxTarget > c.MaxHead {
		return usage(fmt.Sprintf("%s: more than the whole head may have, %s", c.Source("max-target"), c.whence("max-head", showSize(uint64(c.MaxHead)))),
			fmt.Sprintf("add --max-head=%s, or allow shorter targets", showSize(uint64(c.MaxTarget))))
	}
	if c.MaxMemoryHard > 0 && c.MaxMemoryHard < c.MaxMemory {
		return usage(fmt.Sprintf("%s: less than %s, so workers would only ever be killed", c.Source("max-memory-hard"), c.Source("max-memory")),
			"give it more than --max-memory, or leave --max-memory out")
	}
	if err := c.checkExec(); err != nil {
		return err
	}
	if c.Watch && c.HotReload != ReloadProcess {
		return usage(fmt.Sprintf("%s: it is for process reload, not for %s", c.Source("watch"), c.whence("hot-reload", c.HotReload)),
			"add --hot-reload=process")
	}
	return nil
}

// whence names the source of an option's value, the default too.
func (c *Config) whence(name, text string) string {
	if s := c.sources[name]; s != "" {
		return s
	}
	return fmt.Sprintf("the default --%s=%s", name, text)
}
