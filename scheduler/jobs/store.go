package jobs

import (
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Standard values of a request.
const (
	DefaultRegion = "us-west-1"
	// maxCA bounds the CA, which is stored with the job.
	maxCA = 32 << 10
)

var (
	// regionName is what stands in a signature's scope: names of AWS' regions, and what other stores call theirs.
	regionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)
	// keyText is a key, id or token: printable, without blanks.
	keyText = regexp.MustCompile(`^[!-~]+$`)
)

// checkStore finds what is wrong with the way to the store and the keys to it. Bucket and folders are tasks/backup's.
func checkStore(store wire.Store, f *Faults) {
	if !regionName.MatchString(store.Region) {
		f.add("region", store.Region, "is not the name of a region", "write it as in us-west-1, or leave it out for "+DefaultRegion)
	}
	checkEndpoint(store.Endpoint, f)
	checkKeys(store, f)
}

// checkEndpoint takes host, host:port, and these behind http:// or https://.
func checkEndpoint(endpoint string, f *Faults) {
	if endpoint == "" {
		return
	}
	const remedy = "write host:port, or http:// or https:// before it"
	text := endpoint
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	address, err := url.Parse(text)
	switch {
	case strings.Contains(endpoint, "@"):
		f.add("endpoint", "", "holds a user or password", "give the address alone, and the keys as keys")
	case err != nil || address.Hostname() == "" || strings.ContainsAny(address.Host, " \t\r\n"):
		f.add("endpoint", endpoint, "is not the address of a store", remedy)
	case address.Scheme != "http" && address.Scheme != "https":
		f.add("endpoint", endpoint, "is reached by "+address.Scheme+", and a store speaks http or https", remedy)
	case address.RawQuery != "" || address.Fragment != "" || strings.Trim(address.Path, "/") != "":
		f.add("endpoint", endpoint, "names more than a host", remedy+"; the bucket and folders have fields of their own")
	case !isPort(address.Port(), strings.HasSuffix(address.Host, ":")):
		f.add("endpoint", endpoint, "has no port from 1 to 65535", remedy)
	}
}

// isPort is true without a port too, but not with a colon that nothing follows.
func isPort(text string, colon bool) bool {
	if text == "" {
		return !colon
	}
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

// readCA gives the certificates of a PEM text alone: a job is shown to everybody, so nothing else may come in with it.
func readCA(text string, f *Faults) string {
	const remedy = "give the certificates of the store's CA in PEM, without keys"
	if len(text) > maxCA {
		f.add("ca", "", "is larger than "+strconv.Itoa(maxCA)+" bytes", "give the certificates of this store's CA alone")
		return ""
	}
	var found []byte
	block, rest := pem.Decode([]byte(text))
	for ; block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			f.add("ca", "", "holds more than certificates, a "+kindOf(block), remedy)
			return ""
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			f.add("ca", "", "holds a certificate that cannot be read", remedy)
			return ""
		}
		found = append(found, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes})...)
	}
	if text != "" && len(found) == 0 {
		f.add("ca", "", "holds no certificate in PEM", remedy)
	}
	return string(found)
}

// kindOf is what a block of PEM is called, in words that it does not choose itself.
func kindOf(block *pem.Block) string {
	if strings.HasSuffix(block.Type, "PRIVATE KEY") {
		return "private key"
	}
	return "block of another kind"
}

// checkKeys names what is wrong with keys, and shows none.
func checkKeys(store wire.Store, f *Faults) {
	keys := store.Keys
	if store.IAM {
		if keys != (wire.Keys{}) {
			f.add("iam", "true", "takes the place of keys, and keys are given too", "leave one of them out")
		}
		return
	}
	for _, one := range []struct{ field, value, what string }{
		{"keys.accessKeyId", keys.AccessKeyID, "the access key id"}, {"keys.secretAccessKey", keys.SecretAccessKey, "the secret access key"}} {
		if one.value == "" {
			f.add(one.field, "", one.what+" is missing", "give both keys, or say that the agent's instance role is to be used (iam)")
		}
	}
	for _, one := range []struct{ field, value string }{{"keys.accessKeyId", keys.AccessKeyID},
		{"keys.secretAccessKey", keys.SecretAccessKey}, {"keys.sessionToken", keys.SessionToken}} {
		if one.value != "" && !keyText.MatchString(one.value) {
			f.add(one.field, "", "holds a blank, a line's end or another character that no key has", "copy it again, without quotes and blanks round it")
		}
	}
}
