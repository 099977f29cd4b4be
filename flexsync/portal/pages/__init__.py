"""The pages: each takes a Visit and gives a response; `flexsync.portal.routes` says where they are."""
