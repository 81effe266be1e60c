"""What every web process of Inloop has: who may, problems, texts, streams, the look (CONTRACT section 6).

Import from the modules: `app` (new_app), `auth` (needs, public, grant), `openapi` (operation), `problems` (body),
`tokens` (make_token). This package imports nothing itself, so that the command line makes tokens without Flask.
"""
