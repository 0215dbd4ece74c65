package webapi

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// jwk is a key as RFC 7517 writes it: the members of RFC 7518 and RFC 8037
// that make up the key. What says how it may be used is the scripts' business.
type jwk struct {
	Kty string `json:"kty"`
	Crv string `json:"crv,omitempty"`
	X   octets `json:"x,omitempty"`
	Y   octets `json:"y,omitempty"`
	N   octets `json:"n,omitempty"`
	E   octets `json:"e,omitempty"`
	D   octets `json:"d,omitempty"`
	P   octets `json:"p,omitempty"`
	Q   octets `json:"q,omitempty"`
	DP  octets `json:"dp,omitempty"`
	DQ  octets `json:"dq,omitempty"`
	QI  octets `json:"qi,omitempty"`
}

// octets are base64url without padding.
type octets []byte

func (o octets) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, o), nil
}

func (o *octets) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	*o = b
	return err
}

func (o octets) int() *big.Int { return new(big.Int).SetBytes(o) }

// importJWK(kind, isPrivate, json)
func importJWK(args []quickjs.Value) (any, error) {
	var k jwk
	if err := json.Unmarshal([]byte(args[2].String()), &k); err != nil {
		return nil, dataError("JWK: " + err.Error())
	}
	kind, isPrivate := args[0].String(), args[1].Bool()
	var key any
	var err error
	switch kind {
	case "RSA":
		key, err = k.rsa(isPrivate)
	case "Ed25519", "X25519":
		key, err = k.okp(kind, isPrivate)
	default:
		key, err = k.ec(kind, isPrivate)
	}
	if err != nil {
		return nil, dataError("JWK: " + err.Error())
	}
	if isPrivate {
		return pkcs8(key)
	}
	return spki(key)
}

func (k jwk) ec(kind string, isPrivate bool) (any, error) {
	curve := curves[kind]
	size := (curve.Params().BitSize + 7) / 8
	if len(k.X) != size || len(k.Y) != size {
		return nil, dataError("x and y are not of the size of the curve")
	}
	public, err := ecdsa.ParseUncompressedPublicKey(curve, append(append([]byte{4}, k.X...), k.Y...))
	if err != nil || !isPrivate {
		return public, err
	}
	if len(k.D) != size {
		return nil, dataError("d is not of the size of the curve")
	}
	private, err := ecdsa.ParseRawPrivateKey(curve, k.D)
	if err != nil {
		return nil, err
	}
	if !private.PublicKey.Equal(public) {
		return nil, dataError("d does not belong to x and y")
	}
	return private, nil
}

func (k jwk) okp(kind string, isPrivate bool) (any, error) {
	public, err := publicPoint(kind, k.X)
	if err != nil || !isPrivate {
		return public, err
	}
	if len(k.D) != ed25519.SeedSize {
		return nil, dataError("d is not 32 bytes")
	}
	var of []byte
	var private any
	if kind == "Ed25519" {
		made := ed25519.NewKeyFromSeed(k.D)
		private, of = made, made.Public().(ed25519.PublicKey)
	} else {
		made, err := ecdh.X25519().NewPrivateKey(k.D)
		if err != nil {
			return nil, err
		}
		private, of = made, made.PublicKey().Bytes()
	}
	if !bytes.Equal(of, k.X) {
		return nil, dataError("d does not belong to x")
	}
	return private, nil
}

func (k jwk) rsa(isPrivate bool) (any, error) {
	e := k.E.int()
	if len(k.N) == 0 || !e.IsInt64() || e.Int64() < 2 || e.BitLen() > 31 {
		return nil, dataError("n or e is missing")
	}
	public := rsa.PublicKey{N: k.N.int(), E: int(e.Int64())}
	if !isPrivate {
		return &public, nil
	}
	if len(k.P) == 0 || len(k.Q) == 0 {
		return nil, dataError("p or q is missing")
	}
	private := &rsa.PrivateKey{PublicKey: public, D: k.D.int(), Primes: []*big.Int{k.P.int(), k.Q.int()}}
	private.Precompute()
	return private, private.Validate()
}

// exportJWK(isPrivate, key) returns JSON.
func (k *keyring) exportJWK(args []quickjs.Value) (any, error) {
	parse := k.public
	if args[0].Bool() {
		parse = k.private
	}
	key, err := parse(args[1])
	if err != nil {
		return nil, err
	}
	out, err := jwkOf(key)
	if err != nil {
		return nil, dataError(err.Error())
	}
	text, err := json.Marshal(out)
	return string(text), err
}

func jwkOf(key any) (jwk, error) {
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			return jwk{}, err
		}
		half := len(point) / 2
		return jwk{Kty: "EC", Crv: kindOf(key), X: point[1 : 1+half], Y: point[1+half:]}, nil
	case *ecdsa.PrivateKey:
		out, err := jwkOf(&key.PublicKey)
		if err == nil {
			out.D, err = key.Bytes()
		}
		return out, err
	case ed25519.PublicKey:
		return jwk{Kty: "OKP", Crv: "Ed25519", X: octets(key)}, nil
	case ed25519.PrivateKey:
		return jwk{Kty: "OKP", Crv: "Ed25519", X: octets(key.Public().(ed25519.PublicKey)), D: key.Seed()}, nil
	case *ecdh.PublicKey:
		return jwk{Kty: "OKP", Crv: "X25519", X: key.Bytes()}, nil
	case *ecdh.PrivateKey:
		return jwk{Kty: "OKP", Crv: "X25519", X: key.PublicKey().Bytes(), D: key.Bytes()}, nil
	case *rsa.PublicKey:
		return jwk{Kty: "RSA", N: key.N.Bytes(), E: big.NewInt(int64(key.E)).Bytes()}, nil
	case *rsa.PrivateKey:
		out, err := jwkOf(&key.PublicKey)
		out.D, out.P, out.Q = key.D.Bytes(), key.Primes[0].Bytes(), key.Primes[1].Bytes()
		out.DP, out.DQ, out.QI = key.Precomputed.Dp.Bytes(), key.Precomputed.Dq.Bytes(), key.Precomputed.Qinv.Bytes()
		return out, err
	}
	return jwk{}, dataError("no JWK for such a key")
}
