"""What the contract suite tries with each component: one file each, with tables named as in contract.py."""
