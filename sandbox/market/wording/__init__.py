"""The wording of press items, a module for each subject; all sentences are our own.

There are many templates, so that no single one can be keyed on. A template names its slots in
braces; ``sandbox.market.press_text`` chooses among them and fills them.
"""
