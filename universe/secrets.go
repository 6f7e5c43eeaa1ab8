package universe

import (
	"fmt"
	"slices"
	"strings"
)

// appSecret is a secret of DC/OS that the app may name: only where its option is set, because a cluster without secrets refuses an app that
// names one, and so does Marathon an app whose secret has no source.
type appSecret struct {
	// option holds the path of the secret; the app calls it name.
	option, name string
	// instead says that it has the name of the one before, and counts only without it.
	instead bool
	// beside count only together with this one.
	beside []appSecret
}

// appSecrets are all of them.
var appSecrets = []appSecret{
	{option: "service.service_account_secret", name: "serviceCredential"},
	{option: "service.secret_name", name: "serviceCredential", instead: true},
	{option: "backup.secret_access_key_secret", name: "backupSecretAccessKey", beside: []appSecret{
		{option: "backup.access_key_id_secret", name: "backupAccessKeyId"}, {option: "backup.session_token_secret", name: "backupSessionToken"}}},
	ofOption("tls.ca_passphrase"), ofOption("tls.ca_former_passphrase"), ofOption("tls.ca_key"), ofOption("tls.node_key"), ofOption("tls.client_key"),
	ofOption("api.tls_key"), ofOption("api.token"),
}

// ofOption is the secret that takes the place of an option's text: that of tls.ca_key is in tls.ca_key_secret, and called tlsCaKey.
func ofOption(option string) appSecret {
	var name strings.Builder
	for i, word := range strings.FieldsFunc(option, func(r rune) bool { return r == '.' || r == '_' }) {
		if i > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		name.WriteString(word)
	}
	return appSecret{option: option + "_secret", name: name.String()}
}

// secretsOfApp is the part of the app that names its secrets, as a template of DC/OS. JSON has no comma after the last one, and Mustache
// does not know which is the first: so there is a branch for each that may be it, in which those before it are not set.
func secretsOfApp() string {
	var out strings.Builder
	for i, first := range appSecrets {
		fmt.Fprintf(&out, "  {{#%s}}\n  \"secrets\": {%s", first.option, first.source())
		for j, other := range appSecrets[i+1:] {
			if other.instead && j == 0 {
				continue
			}
			out.WriteString(other.ifSet())
		}
		fmt.Fprintf(&out, "},\n  {{/%s}}\n  {{^%s}}\n", first.option, first.option)
	}
	for _, one := range slices.Backward(appSecrets) {
		fmt.Fprintf(&out, "  {{/%s}}\n", one.option)
	}
	return out.String()
}

// source names the secret, and those that count beside it.
func (s appSecret) source() string {
	text := fmt.Sprintf("%q: {\"source\": \"{{%s}}\"}", s.name, s.option)
	for _, one := range s.beside {
		text += one.ifSet()
	}
	return text
}

// ifSet names it after others.
func (s appSecret) ifSet() string {
	return fmt.Sprintf("{{#%s}}, %s{{/%s}}", s.option, s.source(), s.option)
}

// secretOrText is a variable of the app that comes from a secret where its option is set, and else from the option itself.
func secretOrText(variable, option string) (string, error) {
	secret := ofOption(option)
	if !slices.ContainsFunc(appSecrets, func(one appSecret) bool { return one.option == secret.option }) {
		return "", fmt.Errorf("the app names no secret for %s", option)
	}
	return fmt.Sprintf("{{#%[1]s}}\n    %[2]q: {\"secret\": %[3]q},\n    {{/%[1]s}}\n    {{^%[1]s}}\n    %[2]q: \"{{{%[4]s}}}\",\n    {{/%[1]s}}",
		secret.option, variable, secret.name, option), nil
}
