"""A plugin for pytest: Odoo's `test_lint` looks at the addons of this checkout only, instead of at all 600."""

import os
from pathlib import Path

import odoo.modules
from odoo.modules import Manifest

ROOT = Path(os.environ["KAM_ROOT"])
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))

odoo.modules.get_modules = lambda: list(ADDONS)
Manifest.all_addon_manifests = staticmethod(lambda: [Manifest.for_addon(name) for name in ADDONS])
