package backup

import (
	"slices"
	"time"
)

// Kept is a backup that retention judges: where it lies and its manifest.
type Kept struct {
	Place    Place
	Manifest Manifest
}

// Retention says how long scheduled backups of one database are kept. Zero means no limit.
type Retention struct {
	// Service and Cluster are whose backups may go, as their manifests have it: one without a cluster is another's where ours is known.
	Service, Cluster, Database string
	// Count is how many scheduled backups stay, Age how old their newest snapshot may be. One that is beyond either goes.
	Count int
	Age   time.Duration
}

// Remove lists the backups to remove, oldest first. Only those that this service's schedule made of this database in
// this cluster, and wrote a manifest for, are ever listed; the newest backup of the database, whoever made it, stays whatever its age. A
// chain of increments is one backup here (one folder, one manifest), as old as its newest part, so it stays or goes whole.
func (r Retention) Remove(backups []Kept, now time.Time) []Kept {
	var own []Kept
	for _, b := range backups {
		if b.Manifest.Service == r.Service && b.Manifest.Cluster == r.Cluster && b.Manifest.Database == r.Database && b.Place.Database == r.Database {
			own = append(own, b)
		}
	}
	slices.SortStableFunc(own, func(a, b Kept) int { return b.Manifest.Newest().Compare(a.Manifest.Newest()) })
	var remove []Kept
	scheduled := 0
	for i, b := range own {
		if !b.Manifest.Scheduled() {
			continue
		}
		scheduled++
		if i == 0 {
			continue
		}
		if r.Count > 0 && scheduled > r.Count || r.Age > 0 && now.Sub(b.Manifest.Newest()) > r.Age {
			remove = append(remove, b)
		}
	}
	slices.Reverse(remove)
	return remove
}
