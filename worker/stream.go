package worker

import "errors"

func (w *worker) takeConnections() error {
	return errors.New("the socket type stream is not served yet")
}
