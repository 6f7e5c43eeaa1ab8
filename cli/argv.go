package cli

// module is the word after "dcos" that runs this plug-in.
const module = "cockroachdb"

// split tells how the binary was started. dcos runs it as
// [<binary>, "cockroachdb", …]; a person may leave the word out. The program is
// the beginning of a command line that works the same way again.
func split(argv []string) (program string, args []string) {
	if len(argv) == 0 {
		return binary, nil
	}
	if len(argv) > 1 && argv[1] == module {
		return "dcos " + module, argv[2:]
	}
	return binary, argv[1:]
}

// binary is the name of the executable when it is run without dcos.
const binary = "dcos-" + module
