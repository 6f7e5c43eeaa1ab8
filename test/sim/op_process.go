package sim

import "time"

// faultsOfProcess are what happens to the scheduler itself.
var faultsOfProcess = map[string]operation{
	"wait":  {weight: 2, do: func(*Life, Op) (bool, error) { return true, nil }},
	"kill":  {weight: 2, do: killProcess},
	"down":  {weight: 1, do: down},
	"crash": {weight: 2, do: crash},
}

func killProcess(l *Life, _ Op) (bool, error) {
	l.Kill()
	return true, nil
}

// down ends the process, and the next one comes only after a while. With force it has to wait for the master's answers, too.
func down(l *Life, op Op) (bool, error) {
	l.Down = l.Now().Add(time.Duration(1+op.Arg) * 5 * time.Second)
	if op.Force {
		l.Slow = l.Down.Add(5 * time.Second)
	}
	l.Kill()
	return true, nil
}

// crash ends the process before the effect with this number, counted from now: writes, calls and answers.
func crash(l *Life, op Op) (bool, error) {
	l.crashes = append(l.crashes, op.Arg)
	return true, nil
}
