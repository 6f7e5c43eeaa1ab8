package config

import (
	"fmt"
)

// Side is what the pods beside the database take.
type Side struct {
	Count    Count  `env:"SIDE_COUNT" envDefault:"1" min:"0" max:"1000" help:"Number of admin pods for backup and restore jobs. One job runs at a time, so more than one is as good as one."`
	CPUs     Amount `env:"SIDE_CPUS" envDefault:"1" min:"0.01" max:"1024" help:"CPUs of the metrics pod and of a job."`
	Mem      Count  `env:"SIDE_MEM" envDefault:"1000" min:"64" max:"16777216" help:"Memory of the metrics pod and of a job in MB."`
	Disk     Count  `env:"SIDE_DISK" envDefault:"5000" min:"32" max:"1073741824" help:"Kept for options of older versions, which wrote backups to disk; jobs stream and need none."`
	DiskType string `env:"SIDE_DISK_TYPE" envDefault:"ROOT" choices:"ROOT,MOUNT" help:"Kept for options of older versions, see SIDE_DISK."`
}

func (s Side) warnings() []string {
	if s.Count < 2 {
		return nil
	}
	return []string{fmt.Sprintf("SIDE_COUNT is %d: one job runs at a time, so one admin pod is used.", s.Count)}
}
