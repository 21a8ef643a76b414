# ruff: noqa: F821
"""Runs in Odoo's shell: the worker's user with a new API key. Takes params: login, key_name, days; result: the key.

The user has the service group only, not even the internal user's: it logs in and reads just what that grants."""

import datetime

users = env["res.users"].with_context(active_test=False, no_reset_password=True)
companies = env["res.company"].search([])
values = {
    "active": True,
    "group_ids": [(6, 0, env.ref("kam_management.group_kam_service").ids)],
    "company_ids": [(6, 0, companies.ids)],
}
user = users.search([("login", "=", params["login"])])
if user:
    user.write(values)
else:
    user = users.create({"name": "Key account sync", "login": params["login"], "company_id": companies[0].id, **values})

keys = env["res.users.apikeys"]
keys.sudo().search([("user_id", "=", user.id), ("name", "=", params["key_name"])]).unlink()
expiry = datetime.datetime.now() + datetime.timedelta(days=params["days"])
result = keys.with_user(user).sudo()._generate("rpc", params["key_name"], expiry)
