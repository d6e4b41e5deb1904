"""An app of somebody else that brings a component: a class here, a plain JavaScript file below static/, no build."""
