package universe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Build is one run of the builder.
type Build struct {
	// Release is the version of the programs, such as v1.0.0 or what git describe prints.
	Release string
	// Database is the release of CockroachDB that the package is made for, such as v24.1.6.
	Database string
	// URL is where the folder files will be served, without a slash at its end.
	URL string
	// Archive is a file with the database's archive, to be served beside the rest. Empty: agents fetch it from its vendor.
	Archive string
	// UpgradesFrom and DowngradesTo are versions of this package that DC/OS Enterprise may change from and to.
	UpgradesFrom []string
	DowngradesTo []string
	// Root is the folder of the repository, Out where the folders package and files are written anew.
	Root string
	Out  string
	// Compile makes one program. Nil means Compile of this package.
	Compile func(ctx context.Context, root, release string, program Program, to string) error
}

// Result tells what was built.
type Result struct {
	// Version is the version of the package.
	Version string
	// Download is what a DC/OS agent fetches to run the scheduler, in bytes.
	Download int64
	// Warnings are sentences about the database's archive.
	Warnings []string
}

// maxDownload is the promise about the scheduler's side, in bytes.
const maxDownload = 40_000_000

// Make builds everything. It names every fault of its arguments at once, and writes nothing then.
func (b Build) Make(ctx context.Context) (Result, error) {
	values, warnings, err := b.values()
	if err != nil {
		return Result{}, err
	}
	files, folder := filepath.Join(b.Out, "files"), filepath.Join(b.Out, "package")
	for _, dir := range []string{files, folder} {
		if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
			return Result{}, fmt.Errorf("empty %s: %w", dir, err)
		}
	}
	if err := b.programs(ctx, files); err != nil {
		return Result{}, err
	}
	if err := b.keepArchive(files); err != nil {
		return Result{}, err
	}
	if values.sums, err = sumsOf(files); err != nil {
		return Result{}, err
	}
	if values.ArchiveSHA256 = ""; b.Archive != "" {
		values.ArchiveSHA256 = values.sums[filepath.Base(b.Archive)]
	}
	filled, err := values.fill()
	if err != nil {
		return Result{}, err
	}
	if err := Check(filled); err != nil {
		return Result{}, err
	}
	if err := writeAll(folder, filled); err != nil {
		return Result{}, err
	}
	repositories, err := stubs(filled)
	if err != nil {
		return Result{}, err
	}
	if err := writeAll(files, repositories); err != nil {
		return Result{}, err
	}
	if err := writeSums(files); err != nil {
		return Result{}, err
	}
	size, err := download(files)
	return Result{Version: values.Package, Download: size, Warnings: warnings}, err
}

func (b Build) keepArchive(files string) error {
	if b.Archive == "" {
		return nil
	}
	content, err := os.ReadFile(b.Archive)
	if err != nil {
		return fmt.Errorf("read the archive of the database: %w", err)
	}
	if err := os.WriteFile(filepath.Join(files, filepath.Base(b.Archive)), content, 0o644); err != nil {
		return fmt.Errorf("keep the archive of the database: %w", err)
	}
	return nil
}

func download(files string) (int64, error) {
	info, err := os.Stat(filepath.Join(files, schedulerFile("amd64")))
	if err != nil {
		return 0, fmt.Errorf("measure the scheduler: %w", err)
	}
	if info.Size() > maxDownload {
		return info.Size(), fmt.Errorf("%s has %d bytes, and %d are allowed", info.Name(), info.Size(), maxDownload)
	}
	return info.Size(), nil
}

func writeAll(folder string, contents map[string][]byte) error {
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
