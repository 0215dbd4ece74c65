package accesslog

import (
	"strconv"
	"time"
)

// appendJSON adds a JSON object and a line end. Its keys never change their
// order; reason is left out when it is empty.
func appendJSON(b, stamp []byte, app string, r *Record) []byte {
	b = append(b, `{"t":"`...)
	b = append(b, stamp...)
	b = append(b, `","app":`...)
	b = appendJSONText(b, app)
	b = append(b, `,"method":`...)
	b = appendJSONText(b, r.Method)
	b = append(b, `,"path":`...)
	b = appendJSONText(b, r.Path)
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(r.Status), 10)
	b = append(b, `,"totalSeconds":`...)
	b = appendSeconds(b, r.Total)
	b = append(b, `,"workerSeconds":`...)
	b = appendSeconds(b, r.WorkerTime)
	b = append(b, `,"type":`...)
	b = appendJSONText(b, r.Type)
	b = append(b, `,"length":`...)
	b = strconv.AppendInt(b, r.Length, 10)
	b = append(b, `,"id":`...)
	b = appendJSONText(b, r.ID)
	b = append(b, `,"worker":`...)
	b = strconv.AppendInt(b, int64(r.Worker), 10)
	b = append(b, `,"queueSeconds":`...)
	b = appendSeconds(b, r.Queue)
	b = append(b, `,"cpuSeconds":`...)
	b = appendSeconds(b, r.CPU)
	b = append(b, `,"bytesIn":`...)
	b = strconv.AppendInt(b, r.BytesIn, 10)
	b = append(b, `,"client":`...)
	b = appendJSONText(b, r.Client)
	if r.Reason != "" {
		b = append(b, `,"reason":`...)
		b = appendJSONText(b, r.Reason)
	}
	return append(b, "}\n"...)
}

// appendDroppedJSON adds the report that n lines were dropped.
func appendDroppedJSON(b, stamp []byte, app string, n uint64) []byte {
	b = append(b, `{"t":"`...)
	b = append(b, stamp...)
	b = append(b, `","app":`...)
	b = appendJSONText(b, app)
	b = append(b, `,"dropped":`...)
	b = strconv.AppendUint(b, n, 10)
	return append(b, `,"reason":"the output of the access log did not keep up"}`+"\n"...)
}

// appendSeconds adds d in seconds with microseconds.
func appendSeconds(b []byte, d time.Duration) []byte {
	us := int64(max(d, 0) / time.Microsecond)
	b = strconv.AppendInt(b, us/1e6, 10)
	fraction := [...]byte{'.', '0', '0', '0', '0', '0', '0'}
	for i, rest := len(fraction)-1, uint32(us%1e6); rest > 0; i-- {
		fraction[i] += byte(rest % 10)
		rest /= 10
	}
	return append(b, fraction[:]...)
}
