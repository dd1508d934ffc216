"""One module for each part of the week; `service.cli` imports them only when called."""
