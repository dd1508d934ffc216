"""What should go where: eligibility, allocation, routing, and the planner that joins them."""
