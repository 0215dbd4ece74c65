package config

// Problem is something that a person can put right. Text names the source and
// the value; Hint is one line that can be acted on or pasted.
type Problem struct {
	Text  string
	Hint  string
	Usage bool // the command line or the configuration is wrong: exit status 2, else 1
}

func (p *Problem) Error() string { return p.Text }
