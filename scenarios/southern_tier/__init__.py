"""The mobile pantries of New York's Southern Tier as one week of deliveries from one hub."""
