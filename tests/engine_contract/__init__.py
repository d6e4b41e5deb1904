"""What every engine has to show. It is put to each that `conftest.ENGINES` names, by the interface `Engine` alone.

The pages stand in `apps.py`, so that a process that only runs functions can import them; their functions tell what they
do, and hear how long they shall take, by files in a folder that is one of their inputs.
"""
