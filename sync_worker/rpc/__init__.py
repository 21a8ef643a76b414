"""How the worker speaks to Odoo: one interface (`transport`), two protocols behind it (`xmlrpc`, `json2`)."""
