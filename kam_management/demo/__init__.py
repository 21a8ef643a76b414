from . import kam_demo
from . import kam_demo_programme
from . import kam_demo_plan
from . import kam_demo_dafo
from . import kam_demo_action
from . import kam_demo_investment
from . import kam_demo_review
