package sqlstore

import (
	"maps"
	"slices"
)

const root = "root"

// HasUser says whether somebody may log in under a name.
func (s *Store) HasUser(name string) bool { return name == root || s.Users[name] }

// may says whether the user has a privilege on a table.
func (s *Store) may(c Context, _ *Database, o *Object, privilege string) bool {
	have := s.Grants[o.ID][c.User]
	return c.User == root || slices.Contains(have, "ALL") || slices.Contains(have, privilege)
}

// sees says whether the user has any privilege on a table: others do not exist
// for him. Source: 09c-dump-privileges-and-failures.
func (s *Store) sees(c Context, o *Object) bool {
	return c.User == root || len(s.Grants[o.ID][c.User]) > 0
}

// seesDatabase is the same for a database.
func (s *Store) seesDatabase(c Context, d *Database) bool {
	return c.User == root || len(d.Grants[c.User]) > 0
}

// visible finds an object that exists for the user.
func (s *Store) visible(n Name, c Context) (*Database, *Object, error) {
	d, o, err := s.object(n, c)
	if err != nil {
		return nil, nil, err
	}
	if !s.sees(c, o) {
		return nil, nil, noRelation(n.String())
	}
	return d, o, nil
}

// account runs CREATE USER, DROP USER, GRANT and REVOKE.
func (s *Store) account(n Node, c Context) (Result, error) {
	switch n := n.(type) {
	case CreateUser:
		switch {
		case c.User != root:
			return Result{}, errorf("42501", "user %s does not have CREATEROLE privilege", c.User)
		case n.Secret && c.Secure && n.Name == root:
			return Result{}, errorf("28P01", "user root cannot use password authentication")
		case n.Alter && !s.HasUser(n.Name):
			return Result{}, errorf("42704", "role/user %s does not exist", n.Name)
		case n.Secret && !c.Secure:
			return Result{}, errorf("28P01", "setting or updating a password is not supported in insecure mode")
		case s.HasUser(n.Name) && !n.Unless && !n.Alter:
			return Result{}, errorf("42710", "a role/user named %s already exists", n.Name)
		}
		if n.Name != root {
			s.Users[n.Name] = true
		}
		s.setPassword(n)
		if n.Alter {
			return Result{Tag: "ALTER ROLE"}, nil
		}
		return Result{Tag: "CREATE ROLE"}, nil
	case DropUser:
		switch {
		case c.User != root:
			return Result{}, errorf("42501", "user %s does not have CREATEROLE privilege", c.User)
		case !s.Users[n.Name] && !n.If:
			return Result{}, errorf("42704", "role/user %s does not exist", n.Name)
		}
		delete(s.Users, n.Name)
		delete(s.Passwords, n.Name)
		return Result{Tag: "DROP ROLE"}, nil
	}
	return s.grant(n.(Grant), c)
}

func (s *Store) grant(n Grant, c Context) (Result, error) {
	type target struct {
		d *Database
		o *Object
	}
	var targets []target
	for _, name := range n.Databases {
		d := s.database(name, latest)
		switch {
		case d == nil:
			return Result{}, noDatabase(name)
		case c.User != root:
			return Result{}, errorf("42501", "user %s does not have GRANT privilege on database %s", c.User, name)
		}
		targets = append(targets, target{d: d})
	}
	for _, name := range n.Tables {
		d, o, err := s.visible(name, c)
		switch {
		case err != nil:
			return Result{}, err
		case !s.may(c, d, o, "GRANT"):
			return Result{}, errorf("42501", "user %s does not have GRANT privilege on relation %s", c.User, o.Name)
		}
		targets = append(targets, target{d, o})
	}
	for _, u := range n.Users {
		if !s.HasUser(u) {
			return Result{}, errorf("", "user or role %s does not exist", u)
		}
	}
	for _, t := range targets {
		for _, u := range n.Users {
			if t.o == nil {
				t.d.Grants = granted(t.d.Grants, u, n)
			} else {
				s.Grants[t.o.ID] = granted(s.Grants[t.o.ID], u, n)
			}
		}
	}
	if n.Revoke {
		return Result{Tag: "REVOKE"}, nil
	}
	return Result{Tag: "GRANT"}, nil
}

// granted gives the privileges after a GRANT or REVOKE; tables that inherited
// the old ones keep them.
func granted(have map[string][]string, user string, n Grant) map[string][]string {
	out := maps.Clone(have)
	if out == nil {
		out = map[string][]string{}
	}
	list := slices.Clone(out[user])
	for _, p := range n.Privileges {
		switch {
		case n.Revoke && p == "ALL":
			list = nil
		case n.Revoke:
			list = slices.DeleteFunc(list, func(x string) bool { return x == p })
		case !slices.Contains(list, p):
			list = append(list, p)
		}
	}
	if out[user] = list; len(list) == 0 {
		delete(out, user)
	}
	return out
}
