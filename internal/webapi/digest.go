package webapi

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/sha1"   // crypto.SHA1
	_ "crypto/sha256" // crypto.SHA256
	_ "crypto/sha512" // crypto.SHA384 and crypto.SHA512

	"github.com/rip-server/rip-server/internal/quickjs"
)

// The functions of the host for crypto.subtle take and return bytes. Keys
// cross as they are (secret ones), as PKCS #8 (private ones) or as SPKI (public
// ones). What they throw has the name of a DOMException.

func domError(name, message string) error { return &quickjs.Error{Name: name, Message: message} }

func operationError(message string) error { return domError("OperationError", message) }

func dataError(message string) error { return domError("DataError", message) }

// hashes are by the names of https://w3c.github.io/webcrypto/#sha-registration
var hashes = map[string]crypto.Hash{
	"SHA-1":   crypto.SHA1,
	"SHA-256": crypto.SHA256,
	"SHA-384": crypto.SHA384,
	"SHA-512": crypto.SHA512,
}

// sum returns the digest of data. Scripts have checked the name.
func sum(name string, data []byte) []byte {
	h := hashes[name].New()
	h.Write(data)
	return h.Sum(nil)
}

// digest(hash, data)
func digest(args []quickjs.Value) (any, error) {
	return sum(args[0].String(), args[1].View()), nil
}

func hmacOf(args []quickjs.Value) []byte {
	mac := hmac.New(hashes[args[0].String()].New, args[1].View())
	mac.Write(args[2].View())
	return mac.Sum(nil)
}

// hmacSign(hash, key, data)
func hmacSign(args []quickjs.Value) (any, error) { return hmacOf(args), nil }

// hmacVerify(hash, key, data, signature)
func hmacVerify(args []quickjs.Value) (any, error) {
	return hmac.Equal(hmacOf(args), args[3].View()), nil
}
