package store

// InterruptBefore makes the work end before its write of this number, counted from 1, as a crash does.
func (f *Former) InterruptBefore(write int) {
	f.BeforeEachWrite(func(number int) error {
		if number >= write {
			return &ConflictError{Where: "a test", By: "a crash"}
		}
		return nil
	})
}

// BeforeEachWrite is told the number of each write before it.
func (f *Former) BeforeEachWrite(do func(number int) error) {
	count := 0
	f.interrupt = func() error {
		count++
		return do(count)
	}
}
