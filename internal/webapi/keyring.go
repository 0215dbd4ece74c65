package webapi

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// keyring remembers parsed keys: parsing takes longer than most of what is done
// with them, and scripts hand over the same few again and again. It belongs to
// one engine.
type keyring struct{ parsed map[string]any }

// mostKeys are remembered; then it begins anew.
const mostKeys = 64

func (k *keyring) parse(der []byte, parse func([]byte) (any, error)) (any, error) {
	if key, ok := k.parsed[string(der)]; ok {
		return key, nil
	}
	// A copy: der is the engine's memory, and some keys are parts of what they
	// were parsed from.
	key, err := parse(bytes.Clone(der))
	if err != nil {
		return nil, dataError(err.Error())
	}
	if len(k.parsed) >= mostKeys {
		clear(k.parsed)
	}
	k.parsed[string(der)] = key
	return key, nil
}

// private returns the key that is PKCS #8.
func (k *keyring) private(v quickjs.Value) (any, error) {
	return k.parse(v.View(), x509.ParsePKCS8PrivateKey)
}

// public returns the key that is SPKI.
func (k *keyring) public(v quickjs.Value) (any, error) {
	return k.parse(v.View(), x509.ParsePKIXPublicKey)
}

// publicOf(private) returns the public key of a private one.
func (k *keyring) publicOf(args []quickjs.Value) (any, error) {
	key, err := k.private(args[0])
	if err != nil {
		return nil, err
	}
	signer, ok := key.(interface{ Public() crypto.PublicKey })
	if !ok {
		return nil, dataError("the key has no public part")
	}
	return spki(signer.Public())
}

func spki(key any) (any, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, dataError(err.Error())
	}
	return der, nil
}

func pkcs8(key any) (any, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, dataError(err.Error())
	}
	return der, nil
}

// kindOf names what a key is for: the name of a curve, or RSA.
func kindOf(key any) string {
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		return key.Params().Name
	case *ecdsa.PublicKey:
		return key.Params().Name
	case ed25519.PrivateKey, ed25519.PublicKey:
		return "Ed25519"
	case *ecdh.PrivateKey:
		return curveName(key.Curve())
	case *ecdh.PublicKey:
		return curveName(key.Curve())
	case *rsa.PrivateKey, *rsa.PublicKey:
		return "RSA"
	}
	return ""
}

func curveName(c ecdh.Curve) string {
	if c == ecdh.X25519() {
		return "X25519"
	}
	return ""
}

// checkKey(kind, isPrivate, der) returns the key in its one form, DER that
// package x509 has written, when it is of the kind.
func (k *keyring) checkKey(args []quickjs.Value) (any, error) {
	var key any
	var err error
	isPrivate := args[1].Bool()
	if isPrivate {
		key, err = k.private(args[2])
	} else {
		key, err = k.public(args[2])
	}
	if err != nil {
		return nil, err
	}
	if kind := args[0].String(); kindOf(key) != kind {
		return nil, dataError("the key is not of the kind " + kind)
	}
	if isPrivate {
		return pkcs8(key)
	}
	return spki(key)
}
