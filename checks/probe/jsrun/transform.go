package jsrun

import (
	"strings"

	"badsig/checks/probe/jsread"
)

// Transform names what a wrapping does to the bytes; "" for nothing.
func Transform(e jsread.Expr) string {
	arg := ""
	if len(e.Parts) > 1 && e.Parts[1].Kind == jsread.Literal {
		arg = strings.ToLower(e.Parts[1].Text)
	}
	switch e.Text {
	case "!", "as", "satisfies", "Object.freeze", "TextEncoder.encode", "createSecretKey", "crypto.createSecretKey", "await", "structuredClone", "valueOf", "Uint8Array.from":
		return ""
	case "Buffer.from":
		switch arg {
		case "base64", "base64url":
			return "base64-decode"
		case "hex":
			return "hex-decode"
		case "", "utf8", "utf-8":
			return ""
		}
		return arg
	case "toString":
		switch arg {
		case "base64", "base64url":
			return "base64-encode"
		case "hex":
			return "hex-encode"
		case "", "utf8", "utf-8":
			return "" // on a Buffer or a string
		}
		return arg
	case "atob", "base64url.decode":
		return "base64-decode"
	case "btoa", "base64url.encode":
		return "base64-encode"
	case "String":
		return "template"
	case "trim", "trimEnd", "trimStart":
		return "trim"
	case "toUpperCase":
		return "upper"
	case "toLowerCase":
		return "lower"
	}
	switch name := e.Text[strings.LastIndexByte(e.Text, '.')+1:]; name {
	case "replace", "replaceAll", "slice", "substring", "substr", "split", "join", "padEnd", "padStart", "normalize", "Number", "parseInt", "parseFloat", "Boolean",
		"stringify", "parse", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "escape", "unescape":
		return name
	default:
		return "through " + name
	}
}
