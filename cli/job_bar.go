package cli

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

const (
	// barWidth is how many characters the bar itself has.
	barWidth = 12
	// besideText is what stands beside the text at most: "  42% [====>.......]   ".
	besideText = barWidth + 12
	// wholeBar is the number of steps; the last one is never reached, because the library takes it for the end.
	wholeBar = 1000
)

// bar draws how far a job is in one line of a terminal: a bar where it is known how much there is to do, a wheel that turns
// with each look elsewhere, and the numbers beside it. It runs no goroutine: two writers would mix their lines.
type bar struct {
	w       io.Writer
	columns int
	pace    pace
	bar     *progressbar.ProgressBar // nil while nothing is drawn
	counts  bool                     // it has a length
	done    int64
}

func newBar(w io.Writer, columns int) *bar { return &bar{w: w, columns: columns} }

func (b *bar) show(view jobView) {
	pace := b.pace.add(view.job.Progress)
	if ended(view.job) {
		b.close()
		return
	}
	fraction, counts := render.Fraction(view.job.Progress)
	counts = counts && view.job.State == "running"
	b.draw(fraction, counts, render.ProgressParts(view.job, pace, false))
}

// rotation draws how far a rotation of certificates is.
func (b *bar) rotation(view rotationView) {
	done, all := render.StepsDone(view.plan)
	b.draw(float64(done)/float64(max(all, 1)), all > 0, render.RotationParts(view.plan, view.known))
}

// draw draws the line anew: a bar that is full at fraction 1 where it counts, a wheel elsewhere.
func (b *bar) draw(fraction float64, counts bool, parts []string) {
	done := min(int64(fraction*wholeBar), wholeBar-1)
	if b.bar != nil && (counts != b.counts || done < b.done) {
		b.close()
	}
	if b.bar == nil {
		b.bar, b.counts, b.done = b.start(counts), counts, 0
	}
	// This draws; adding draws once more when the percentage changes.
	b.bar.Describe(fit(parts, b.columns-besideText))
	if counts {
		_ = b.bar.Add64(done - b.done)
		b.done = done
	}
}

func (b *bar) start(counts bool) *progressbar.ProgressBar {
	length := int64(-1)
	if counts {
		length = wholeBar
	}
	return progressbar.NewOptions64(length,
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSpinnerType(9),
		progressbar.OptionSetSpinnerChangeInterval(0),
		// The consoles of older Windows print these codes.
		progressbar.OptionUseANSICodes(runtime.GOOS != "windows"),
	)
}

func (b *bar) note(text string) {
	b.close()
	fmt.Fprintln(b.w, render.Text(text))
}

// close takes the line away.
func (b *bar) close() {
	if b.bar != nil {
		_ = b.bar.Clear()
		b.bar = nil
	}
}

// fit joins as many parts as there is room for, the first one cut if need be.
func fit(parts []string, room int) string {
	room = max(room, 10)
	text := parts[0]
	if utf8.RuneCountInString(text) > room {
		return string([]rune(text)[:room-1]) + "…"
	}
	for _, part := range parts[1:] {
		longer := text + ", " + part
		if utf8.RuneCountInString(longer) > room {
			break
		}
		text = longer
	}
	return strings.TrimSpace(text)
}
