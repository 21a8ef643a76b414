# ruff: noqa: F821
"""Runs in Odoo's shell: compiles what the web client loads, and keeps it. Takes no params; result: how many bundles.

A tour's transaction is rolled back, so without this each one compiles everything anew. While it does, the test's lock
on the database is held; another request that waits for it longer than 20 s is answered with an error page, and the
browser says "Unexpected token '<'"."""

qweb = env["ir.qweb"]
# Those that pages ask for; the views that the web client loads when they are first opened are asked for by name.
scripts, styles = qweb._get_bundles_to_pregenarate()
for name in sorted(scripts | {"web.assets_backend_lazy"}):
    qweb._get_asset_bundle(name, css=False, js=True).js()
for name in sorted(styles | {"web.assets_backend_lazy"}):
    qweb._get_asset_bundle(name, css=True, js=False).css()
result = len(scripts | styles) + 1
