package manager

import "time"

// timing is every delay that the manager knows. Tests use shorter ones.
type timing struct {
	ready  time.Duration // how long a start may take
	grace  time.Duration // a program that adopted the socket and never said that it is ready counts as ready then
	first  time.Duration // delay after the first of several crashes
	most   time.Duration // longest delay between two starts
	served time.Duration // longest delay when the worker had served a request, or none could be made
	stable time.Duration // a worker that was ready for so long clears the backoff
	proof  time.Duration // how long the first new worker of a restart must live before an old one goes
	early  time.Duration // a new worker that dies so soon after it was ready fails the restart
	rested time.Duration // longest rest between two replacements in a restart
	settle time.Duration // how long a worker and its replacement may both serve
	term   time.Duration // from SIGTERM to SIGKILL
	dump   time.Duration // from SIGQUIT to SIGKILL
	rest   time.Duration // how long a moment is waited for when such a program holds no request
	deaf   time.Duration // how long such a program may take to close the socket after SIGTERM until it is not waited for
	output time.Duration // how long output is waited for after the process has died
}

func defaultTiming() timing {
	return timing{
		ready:  60 * time.Second,
		grace:  time.Second,
		first:  100 * time.Millisecond,
		most:   30 * time.Second,
		served: time.Second,
		stable: 10 * time.Second,
		proof:  200 * time.Millisecond,
		early:  time.Second,
		rested: 100 * time.Millisecond,
		settle: time.Second,
		term:   5 * time.Second,
		dump:   time.Second,
		rest:   5 * time.Second,
		deaf:   time.Second,
		output: 250 * time.Millisecond,
	}
}
