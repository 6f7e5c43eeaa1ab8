package config

import (
	"fmt"
)

// Side is what the pods beside the database take.
type Side struct {
	Count    Count  `env:"SIDE_COUNT" envDefault:"1" min:"0" max:"1000" help:"Kept for options of older versions: one admin pod serves all backups, restores and verifications."`
	CPUs     Amount `env:"SIDE_CPUS" envDefault:"1" min:"0.01" max:"1024" help:"CPUs of the metrics pod. Those of a backup are BACKUP_CPUS."`
	Mem      Count  `env:"SIDE_MEM" envDefault:"1000" min:"64" max:"16777216" help:"Memory of the metrics pod in MB. That of a backup is BACKUP_MEM_MB."`
	Disk     Count  `env:"SIDE_DISK" envDefault:"5000" min:"32" max:"1073741824" help:"Kept for options of older versions, which wrote backups to disk; they are streamed now."`
	DiskType string `env:"SIDE_DISK_TYPE" envDefault:"ROOT" choices:"ROOT,MOUNT" help:"Kept for options of older versions, see SIDE_DISK."`
}

func (s Side) warnings() []string {
	if s.Count < 2 {
		return nil
	}
	return []string{fmt.Sprintf("SIDE_COUNT is %d, and one admin pod is used: it serves all backups, restores and verifications.", s.Count)}
}
