package webapi

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"

	"github.com/rip-server/rip-server/internal/quickjs"
)

var curves = map[string]elliptic.Curve{
	"P-256": elliptic.P256(),
	"P-384": elliptic.P384(),
	"P-521": elliptic.P521(),
}

// generateKey(kind) returns a new private key on a curve.
func generateKey(args []quickjs.Value) (any, error) {
	var key any
	var err error
	switch kind := args[0].String(); kind {
	case "Ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "X25519":
		key, err = ecdh.X25519().GenerateKey(rand.Reader)
	default:
		key, err = ecdsa.GenerateKey(curves[kind], rand.Reader)
	}
	if err != nil {
		return nil, operationError(err.Error())
	}
	return pkcs8(key)
}

// ecdsaSign(hash, private, data) returns r and s, one after the other.
func (k *keyring) ecdsaSign(args []quickjs.Value) (any, error) {
	key, err := k.private(args[1])
	if err != nil {
		return nil, err
	}
	private := key.(*ecdsa.PrivateKey)
	r, s, err := ecdsa.Sign(rand.Reader, private, sum(args[0].String(), args[2].View()))
	if err != nil {
		return nil, operationError(err.Error())
	}
	size := (private.Params().BitSize + 7) / 8
	signature := make([]byte, 2*size)
	r.FillBytes(signature[:size])
	s.FillBytes(signature[size:])
	return signature, nil
}

// ecdsaVerify(hash, public, data, signature)
func (k *keyring) ecdsaVerify(args []quickjs.Value) (any, error) {
	key, err := k.public(args[1])
	if err != nil {
		return nil, err
	}
	public := key.(*ecdsa.PublicKey)
	signature := args[3].View()
	size := (public.Params().BitSize + 7) / 8
	if len(signature) != 2*size {
		return false, nil
	}
	r, s := new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])
	return ecdsa.Verify(public, sum(args[0].String(), args[2].View()), r, s), nil
}

// ed25519Sign(private, data)
func (k *keyring) ed25519Sign(args []quickjs.Value) (any, error) {
	key, err := k.private(args[0])
	if err != nil {
		return nil, err
	}
	return ed25519.Sign(key.(ed25519.PrivateKey), args[1].View()), nil
}

// ed25519Verify(public, data, signature)
func (k *keyring) ed25519Verify(args []quickjs.Value) (any, error) {
	key, err := k.public(args[0])
	if err != nil {
		return nil, err
	}
	return ed25519.Verify(key.(ed25519.PublicKey), args[1].View(), args[2].View()), nil
}

// sharedSecret(private, public) is what ECDH and X25519 agree on.
func (k *keyring) sharedSecret(args []quickjs.Value) (any, error) {
	one, err := k.private(args[0])
	if err != nil {
		return nil, err
	}
	other, err := k.public(args[1])
	if err != nil {
		return nil, err
	}
	private, err := exchangePrivate(one)
	if err != nil {
		return nil, err
	}
	public, err := exchangePublic(other)
	if err != nil {
		return nil, err
	}
	secret, err := private.ECDH(public)
	if err != nil {
		return nil, operationError(err.Error())
	}
	return secret, nil
}

func exchangePrivate(key any) (*ecdh.PrivateKey, error) {
	switch key := key.(type) {
	case *ecdh.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key.ECDH()
	}
	return nil, dataError("no key to agree with")
}

func exchangePublic(key any) (*ecdh.PublicKey, error) {
	switch key := key.(type) {
	case *ecdh.PublicKey:
		return key, nil
	case *ecdsa.PublicKey:
		return key.ECDH()
	}
	return nil, dataError("no key to agree with")
}

// importPoint(kind, bytes) makes a public key of the raw form of one.
func importPoint(args []quickjs.Value) (any, error) {
	key, err := publicPoint(args[0].String(), args[1].Bytes())
	if err != nil {
		return nil, dataError(err.Error())
	}
	return spki(key)
}

func publicPoint(kind string, b []byte) (any, error) {
	switch kind {
	case "Ed25519":
		if len(b) != ed25519.PublicKeySize {
			return nil, dataError("an Ed25519 key has 32 bytes")
		}
		return ed25519.PublicKey(b), nil
	case "X25519":
		return ecdh.X25519().NewPublicKey(b)
	}
	curve := curves[kind]
	if len(b) > 0 && (b[0] == 2 || b[0] == 3) {
		x, y := elliptic.UnmarshalCompressed(curve, b)
		if x == nil {
			return nil, dataError("no point of the curve")
		}
		size := (curve.Params().BitSize + 7) / 8
		b = make([]byte, 1+2*size)
		b[0] = 4
		x.FillBytes(b[1 : 1+size])
		y.FillBytes(b[1+size:])
	}
	return ecdsa.ParseUncompressedPublicKey(curve, b)
}

// exportPoint(public) returns the raw form of a public key.
func (k *keyring) exportPoint(args []quickjs.Value) (any, error) {
	key, err := k.public(args[0])
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case ed25519.PublicKey:
		return []byte(key), nil
	case *ecdh.PublicKey:
		return key.Bytes(), nil
	case *ecdsa.PublicKey:
		return key.Bytes()
	}
	return nil, dataError("no point of a curve")
}
