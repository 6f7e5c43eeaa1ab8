package config

// Former are variables of the Java scheduler and its packages that have nothing to act on here. They are understood,
// so that old options keep working, and have no effect.
type Former struct {
	Bootstrap     string `env:"BOOTSTRAP_URI" help:"No effect: there is no bootstrap download."`
	Java          string `env:"JAVA_URI" help:"No effect: there is no Java."`
	Executor      string `env:"EXECUTOR_URI" help:"No effect: Mesos' own executor is used."`
	Libmesos      string `env:"LIBMESOS_URI" help:"No effect: there is no libmesos."`
	Template      string `env:"CONFIG_TEMPLATE_PATH" help:"No effect: there are no templates."`
	Modules       string `env:"MESOS_MODULES" help:"No effect: the scheduler logs in by itself, see DCOS_SERVICE_ACCOUNT_CREDENTIAL."`
	Authenticatee string `env:"MESOS_AUTHENTICATEE" help:"No effect: see MESOS_MODULES."`
}
