package webapi

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"math/big"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// aesGCM(decrypt, key, iv, data, additionalData, tagBytes)
func aesGCM(args []quickjs.Value) (any, error) {
	block, err := aes.NewCipher(args[1].View())
	if err != nil {
		return nil, operationError(err.Error())
	}
	iv, data, extra, size := args[2].View(), args[3].View(), args[4].View(), args[5].Int()
	if len(iv) == 0 {
		return nil, operationError("AES-GCM: the iv is empty")
	}
	gcm, err := cipher.NewGCMWithNonceSize(block, len(iv))
	if err != nil {
		return nil, operationError(err.Error())
	}
	if !args[0].Bool() {
		sealed := gcm.Seal(nil, iv, data, extra)
		return sealed[:len(data)+size], nil
	}
	if len(data) < size {
		return nil, operationError("AES-GCM: the data is shorter than its tag")
	}
	plain, ok := openGCM(gcm, iv, data, extra, size)
	if !ok {
		return nil, operationError("AES-GCM: the data is not what was encrypted with this key")
	}
	return plain, nil
}

// openGCM decrypts data with a tag of any size. Package cipher knows whole tags
// only: with others the plain text is found by encrypting zeros, which gives
// the key stream, and checked by encrypting it again.
func openGCM(gcm cipher.AEAD, iv, data, extra []byte, size int) ([]byte, bool) {
	if size == gcm.Overhead() {
		plain, err := gcm.Open(nil, iv, data, extra)
		return plain, err == nil
	}
	text, tag := data[:len(data)-size], data[len(data)-size:]
	plain := gcm.Seal(nil, iv, make([]byte, len(text)), nil)[:len(text)]
	subtle.XORBytes(plain, plain, text)
	sealed := gcm.Seal(nil, iv, plain, extra)
	return plain, subtle.ConstantTimeCompare(sealed[len(text):len(text)+size], tag) == 1
}

// aesCBC(decrypt, key, iv, data)
func aesCBC(args []quickjs.Value) (any, error) {
	block, err := aes.NewCipher(args[1].View())
	if err != nil {
		return nil, operationError(err.Error())
	}
	iv, data := args[2].View(), args[3].View()
	if !args[0].Bool() {
		padding := aes.BlockSize - len(data)%aes.BlockSize
		padded := append(bytes.Clone(data), bytes.Repeat([]byte{byte(padding)}, padding)...)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(padded, padded)
		return padded, nil
	}
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, operationError("AES-CBC: the data is not whole blocks")
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > aes.BlockSize {
		return nil, operationError("AES-CBC: the padding is wrong")
	}
	for _, c := range plain[len(plain)-padding:] {
		if int(c) != padding {
			return nil, operationError("AES-CBC: the padding is wrong")
		}
	}
	return plain[:len(plain)-padding], nil
}

// aesCTR(key, counter, bits, data) is both directions. Only the last bits of
// the counter count; package cipher counts with all 128, so a counter that
// starts anew on the way takes two streams.
func aesCTR(args []quickjs.Value) (any, error) {
	block, err := aes.NewCipher(args[0].View())
	if err != nil {
		return nil, operationError(err.Error())
	}
	counter, bits, data := args[1].Bytes(), uint(args[2].Int()), args[3].View()
	one := big.NewInt(1)
	period := new(big.Int).Lsh(one, bits)
	start := new(big.Int).And(new(big.Int).SetBytes(counter), new(big.Int).Sub(period, one))
	blocks := big.NewInt(int64((len(data) + aes.BlockSize - 1) / aes.BlockSize))
	if blocks.Cmp(period) > 0 {
		return nil, operationError("AES-CTR: the counter is too short for so much data")
	}
	out := make([]byte, len(data))
	first := len(data)
	if left := new(big.Int).Sub(period, start); left.Cmp(blocks) < 0 {
		first = int(left.Int64()) * aes.BlockSize
	}
	cipher.NewCTR(block, counter).XORKeyStream(out[:first], data[:first])
	if first < len(data) {
		whole := new(big.Int).SetBytes(counter)
		whole.Sub(whole, start).FillBytes(counter)
		cipher.NewCTR(block, counter).XORKeyStream(out[first:], data[first:])
	}
	return out, nil
}

// keyWrapIV is the initial value of RFC 3394, section 2.2.3.1.
const keyWrapIV = 0xa6a6a6a6a6a6a6a6

// aesKW(unwrap, key, data) wraps and unwraps keys after RFC 3394.
func aesKW(args []quickjs.Value) (any, error) {
	block, err := aes.NewCipher(args[1].View())
	if err != nil {
		return nil, operationError(err.Error())
	}
	data := args[2].View()
	if args[0].Bool() {
		return unwrapKey(block, data)
	}
	if len(data)%8 != 0 || len(data) < 16 {
		return nil, operationError("AES-KW: the key is not whole blocks of 8 bytes")
	}
	out := make([]byte, 8+len(data))
	binary.BigEndian.PutUint64(out, keyWrapIV)
	copy(out[8:], data)
	var b [16]byte
	for j := range 6 {
		for i := 8; i < len(out); i += 8 {
			copy(b[:8], out[:8])
			copy(b[8:], out[i:i+8])
			block.Encrypt(b[:], b[:])
			binary.BigEndian.PutUint64(out, binary.BigEndian.Uint64(b[:])^uint64(j*(len(data)/8)+i/8))
			copy(out[i:], b[8:])
		}
	}
	return out, nil
}

func unwrapKey(block cipher.Block, data []byte) (any, error) {
	if len(data)%8 != 0 || len(data) < 24 {
		return nil, operationError("AES-KW: this is no wrapped key")
	}
	out := bytes.Clone(data)
	n := len(data)/8 - 1
	var b [16]byte
	for j := 5; j >= 0; j-- {
		for i := n; i >= 1; i-- {
			binary.BigEndian.PutUint64(b[:], binary.BigEndian.Uint64(out)^uint64(j*n+i))
			copy(b[8:], out[8*i:8*i+8])
			block.Decrypt(b[:], b[:])
			copy(out, b[:8])
			copy(out[8*i:], b[8:])
		}
	}
	if binary.BigEndian.Uint64(out) != keyWrapIV {
		return nil, operationError("AES-KW: this is no key that was wrapped with this one")
	}
	return out[8:], nil
}
