package flags

// certRules are the flags of the commands that make certificates.
// Source: cockroachdb-versions.md, 5.1, and 11-certs.
func certRules(command string) []rule {
	rs := []rule{
		{"certs-dir", "", text, []span{always}},
		{"logtostderr", "", severity, []span{always}},
		{"no-color", "", boolean, []span{always}},
		{"vmodule", "", text, []span{always}},
	}
	if command == "cert list" {
		return append(rs, rule{"cert-principal-map", "", list, []span{since(20, 1, 0)}}, formatRule[0])
	}
	rs = append(rs,
		rule{"ca-key", "", text, []span{always}},
		rule{"key-size", "", text, []span{always}},
		rule{"lifetime", "", duration, []span{always}},
		rule{"overwrite", "", boolean, []span{always}},
	)
	switch command {
	case "cert create-ca", "cert create-client-ca":
		rs = append(rs, rule{"allow-ca-key-reuse", "", boolean, []span{always}})
	case "cert create-client":
		rs = append(rs, rule{"also-generate-pkcs8-key", "", boolean, []span{since(19, 2, 0)}})
	}
	return rs
}
