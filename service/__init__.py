"""The edge: the command line, and the planned week in a browser on this machine.

The web process reads a week folder and a plan that `osusowake plan` has made; it never plans, and
never imports the solver or what the solver needs.
"""
