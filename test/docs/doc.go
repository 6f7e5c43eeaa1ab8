// Package docs checks that the links between the project's pages lead somewhere. It runs only as a test, and asks no
// network: links to other sites are left alone.
package docs
