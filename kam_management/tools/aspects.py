"""The ten aspects of a relation (source 002), in groups, and what a rating of 1, 4, 7 and 10 means for each."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

GROUPS = {
    'bond': ('trust', 'commitment', 'conflict', 'reciprocity', 'closeness'),
    'ground': ('shared_values', 'congruent_goals'),
    'work': ('shared_information', 'effective_communication', 'cooperation'),
}
ASPECTS = tuple(aspect for aspects in GROUPS.values() for aspect in aspects)
# Better when low.
INVERTED = ('conflict',)

ANCHORS = {
    'trust': {
        1: _lt("Every word is checked"),
        4: _lt("A promise is believed once it is written down"),
        7: _lt("Both sides keep their word, and little is checked"),
        10: _lt("They decide on our word alone, and we on theirs"),
    },
    'commitment': {
        1: _lt("They would leave for the next offer"),
        4: _lt("They stay as long as nothing better comes"),
        7: _lt("They plan with us for the years to come"),
        10: _lt("They invest with us and turn others down"),
    },
    'conflict': {
        1: _lt("None that matters: what comes up is settled at once"),
        4: _lt("Now and then, settled without harm"),
        7: _lt("Often, and it leaves marks"),
        10: _lt("Open dispute, in the hands of management or lawyers"),
    },
    'reciprocity': {
        1: _lt("Only one side gives"),
        4: _lt("Each favour is counted"),
        7: _lt("What one side gives comes back"),
        10: _lt("Both give first, and nobody keeps count"),
    },
    'closeness': {
        1: _lt("We know their names"),
        4: _lt("Friendly when we speak, about business only"),
        7: _lt("People of both sides meet and know each other well"),
        10: _lt("They ask each other for advice beyond the business"),
    },
    'shared_values': {
        1: _lt("What matters to one means little to the other"),
        4: _lt("Something in common, seldom spoken of"),
        7: _lt("Much in common, and decisions show it"),
        10: _lt("They say it themselves: we are the same kind of company"),
    },
    'congruent_goals': {
        1: _lt("What one gains the other loses"),
        4: _lt("Goals neither clash nor meet"),
        7: _lt("Several goals are pursued together"),
        10: _lt("Goals are set together, for years"),
    },
    'shared_information': {
        1: _lt("Orders and complaints, nothing else"),
        4: _lt("Forecasts, when we ask for them"),
        7: _lt("Forecasts, stock and plans without asking"),
        10: _lt("Figures and plans are open to both sides"),
    },
    'effective_communication': {
        1: _lt("Answers come late or not at all"),
        4: _lt("We get answers, and misunderstandings"),
        7: _lt("Quick and clear with most functions"),
        10: _lt("Everybody knows whom to call, and nothing surprises"),
    },
    'cooperation': {
        1: _lt("Each does its own part"),
        4: _lt("Together when something goes wrong"),
        7: _lt("Joint projects with people of both sides"),
        10: _lt("What is new is made together as a rule"),
    },
}
