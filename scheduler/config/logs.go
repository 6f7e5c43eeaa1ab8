package config

// Logs says how the scheduler logs.
type Logs struct {
	Level  string `env:"LOG_LEVEL" envDefault:"info" choices:"debug,info,warn,error" help:"Least severe lines that are logged."`
	Format string `env:"LOG_FORMAT" envDefault:"text" choices:"text,json" help:"Form of a log line."`
}
